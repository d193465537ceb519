import type { CommandLine, OptionWords, Value } from './command-line.js';

/** Completes in fish: sourced, or as the file `<name>.fish` among its completions. */
export function fishCompletion({ name, options, commands }: CommandLine): string {
  const first = `-n __fish_use_subcommand`;
  const lines = commands.flatMap((command) => {
    const here = `-n '__fish_seen_subcommand_from ${command.name}'`;
    return [
      `complete -c ${name} ${first} -a ${command.name} -d ${quoted(command.description)}`,
      ...(command.operand === null ? [] : operandLines(`complete -c ${name} ${here}`, command.operand)),
      ...command.options.map((option) => `complete -c ${name} ${here}${flagsOf(option)}`),
    ];
  });
  return `# Completion for fish. In ~/.config/fish/config.fish: ${name} completion fish | source
complete -c ${name} -f
${options.map((option) => `complete -c ${name} ${first}${flagsOf(option)}`).join('\n')}
${lines.join('\n')}
`;
}

function flagsOf({ short, long, description, value }: OptionWords): string {
  const flags = `${short === null ? '' : ` -s ${short.slice(1)}`} -l ${long.slice(2)} -d ${quoted(description)}`;
  return value === null ? flags : `${flags} -r${offer(value)}`;
}

function operandLines(start: string, operand: Value): readonly string[] {
  const offered = offer(operand);
  return offered === ' -f' ? [] : [`${start}${offered}`];
}

/** `-f`: no files, which is what the first line of the script says of everything; `-F`: files after all. */
function offer({ words, list, paths, endings }: Value): string {
  if (list) return ` -f -a ${quoted(`(__fish_append , ${words.join(' ')})`)}`;
  const choices = [
    ...words,
    ...(paths === 'folders' ? ['(__fish_complete_directories)'] : []),
    ...(endings.length > 0 ? [`(${pathsThatEndIn(endings)})`] : []),
  ];
  return `${paths === 'files' && endings.length === 0 ? ' -F' : ' -f'}${choices.length === 0 ? '' : ` -a ${quoted(choices.join(' '))}`}`;
}

/** Behind a tab there may be what fish says of a path. */
function pathsThatEndIn(endings: readonly string[]): string {
  const pattern = ['/', ...endings.map((ending) => ending.replace('.', '[.]'))].join('|');
  return `__fish_complete_path (commandline -ct) | string match -er "(${pattern})(\\t|\\$)"`;
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
