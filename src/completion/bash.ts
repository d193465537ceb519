import { type CommandLine, type OptionWords, singleQuoted, type Value } from './command-line.js';

/** Completes in bash from 3.2 on. `--option=value` arrives as three words there, because = separates words. */
export function bashCompletion({ name, options, commands }: CommandLine): string {
  const cases = commands.flatMap((command) =>
    command.options.flatMap(({ short, long, value }) => {
      if (value === null) return [];
      const patterns = [short, long].flatMap((flag) => (flag === null ? [] : singleQuoted(`${command.name} ${flag}`)));
      return `    ${patterns.join('|')}) ${offer(value)}; return ;;`;
    }),
  );
  const places = commands.map(
    ({ name: word, options: own, operand }) =>
      `    ${word}) flags=${singleQuoted(flagsOf(own))}${operand === null ? '' : `; [[ $cur == -* ]] || { ${offer(operand)}; }`} ;;`,
  );
  return `# Completion for bash. In ~/.bashrc: source <(${name} completion bash)
_${name}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} command='' flags='' joined='' i
  COMPREPLY=()
  if [[ $cur == '=' ]]; then
    cur='' joined=yes
  elif [[ $prev == '=' ]]; then
    prev=\${COMP_WORDS[COMP_CWORD - 2]} joined=yes
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ \${COMP_WORDS[i]} == -* ]] || { command=\${COMP_WORDS[i]}; break; }
  done
  case "$command $prev" in
${cases.join('\n')}
  esac
  [[ -z $joined ]] || return
  case $command in
    '') flags=${singleQuoted(flagsOf(options))}; [[ $cur == -* ]] || _${name}_words ${singleQuoted(commands.map((command) => command.name).join(' '))} ;;
${places.join('\n')}
  esac
  [[ $cur != -* ]] || _${name}_words "$flags"
}

_${name}_words() {
  local IFS=$' \\n'
  COMPREPLY+=($(compgen -W "$1" -- "$cur"))
}

# Behind the last comma another word begins.
_${name}_list() {
  local IFS=$' \\n' before=''
  [[ $cur != *,* ]] || before=\${cur%,*},
  COMPREPLY+=($(compgen -P "$before" -W "$1" -- "\${cur##*,}"))
}

# -f: files and folders, -d: folders, -f -X '!*.yaml': files that end so. Readline then quotes what needs it, and puts a slash behind folders; bash 3.2 has no compopt.
_${name}_paths() {
  local IFS=$'\\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY+=($(compgen "$@" -- "$cur"))
}

complete -F _${name} ${name}
`;

  function offer({ words, list, paths, endings }: Value): string {
    const offers = [
      ...(words.length === 0 ? [] : [`_${name}_${list ? 'list' : 'words'} ${singleQuoted(words.join(' '))}`]),
      ...(paths === null ? [] : [`_${name}_paths ${paths === 'folders' || endings.length > 0 ? '-d' : '-f'}`]),
      ...endings.map((ending) => `_${name}_paths -f -X ${singleQuoted(`!*${ending}`)}`),
    ];
    return offers.length === 0 ? ':' : offers.join('; ');
  }
}

function flagsOf(options: readonly OptionWords[]): string {
  return options.flatMap(({ short, long }) => (short === null ? long : [short, long])).join(' ');
}
