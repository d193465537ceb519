import { InvalidArgumentError, Option } from 'commander';

/** An option that may be given again and again: a list of what it was given, by default an empty one. */
export function repeatable(flags: string, description: string): Option {
  const collect = (value: string, earlier: readonly string[]) => [...earlier, value];
  return new Option(flags, `${description} (repeatable)`).argParser(collect).default([]);
}

/** An option of a few words, which its help and the completion know, and which refuses any other. */
export function oneOf(words: readonly string[], flags: string, description: string, word?: string): Option {
  return new Option(flags, description).choices(words).default(word);
}

/** As above, for any number of the words, separated by commas; its placeholder ends in `,…`, by which the completion knows it. */
export function someOf(words: readonly string[], flags: string, description: string): Option {
  return new Option(flags, description).choices(words).argParser((given: string) =>
    given.split(',').map((part) => {
      const word = part.trim();
      if (words.includes(word)) return word;
      throw new InvalidArgumentError(`Allowed choices are ${words.join(', ')}.`);
    }),
  );
}
