import { type CommandLine, type OptionWords, singleQuoted, type Value } from './command-line.js';

/** Completes in zsh, by its `_arguments`: sourced, or as the file `_<name>` in a folder of `fpath`. */
export function zshCompletion({ name, options, commands }: CommandLine): string {
  const described = commands.map((command) => singleQuoted(`${escaped(command.name)}:${command.description}`));
  const places = commands.map(
    ({ name: word, options: own, operand }) => `    ${word})
      _arguments -s ${[...own.flatMap(specsOf), ...(operand === null ? [] : [operandSpec(operand)])].join(' \\\n        ')}
      ;;`,
  );
  return `#compdef ${name}
# Completion for zsh. In ~/.zshrc, behind compinit: source <(${name} completion zsh)
_${name}() {
  local curcontext=$curcontext state line
  local -a commands
  commands=(
    ${described.join('\n    ')}
  )
  _arguments -C ${[...options.flatMap(specsOf), "'1: :->command'", "'*:: :->behind'"].join(' \\\n    ')}
  case $state in
    command) _describe command commands; return ;;
    behind) ;;
    *) return ;;
  esac
  case $line[1] in
${places.join('\n')}
  esac
}

if [[ $funcstack[1] == _${name} ]]; then
  _${name} "$@"
else
  compdef _${name} ${name}
fi
`;
}

/** One for each flag, in the syntax of `_arguments`: `--mode=[what it does]:mode:(chat move)`. */
function specsOf({ short, long, description, repeatable, value }: OptionWords): readonly string[] {
  const rest = `[${escaped(description)}]${value === null ? '' : valueSpec(value)}`;
  const flags = [
    ...(short === null ? [] : [`${short}${value === null ? '' : '+'}`]),
    `${long}${value === null ? '' : '='}`,
  ];
  // One of the two excludes the other.
  const prefix = repeatable ? '*' : short === null ? '' : `(${short} ${long})`;
  return flags.map((flag) => singleQuoted(`${prefix}${flag}${rest}`));
}

function operandSpec(operand: Value): string {
  return singleQuoted(`*${valueSpec(operand)}`);
}

function valueSpec({ name, words, list, paths, endings }: Value): string {
  if (list) return `:${escaped(name)}:_values -s , ${[name, ...words].map(escaped).join(' ')}`;
  const files = endings.length === 0 ? '_files' : `_files -g "${endings.map((ending) => `*${ending}`).join(' ')}"`;
  const pathAction = paths === 'folders' ? '_files -/' : files;
  const choices = words.map(escaped).join(' ');
  const action =
    paths === null
      ? choices === ''
        ? ' '
        : `(${choices})`
      : choices === ''
        ? pathAction
        : `{ compadd -- ${choices}; ${pathAction} }`;
  return `:${escaped(name)}:${action}`;
}

function escaped(text: string): string {
  return text.replace(/[\\:[\]]/g, '\\$&');
}
