import { Option } from 'commander';

/** Gathers the values of an option that may be repeated. */
export function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}

/** An option of a few words, which its help and the completion know. The command says what is wrong with any other, and which was meant. */
export function oneOf(words: readonly string[], flags: string, description: string, word?: string): Option {
  return new Option(flags, description)
    .choices(words)
    .argParser((given) => given)
    .default(word);
}
