import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js';
import { SwarmError } from '../errors.js';

/** Decides whether a line is the one waited for. */
export interface LineMatcher {
  matches(line: string): boolean;
  /** The line's named groups, '' for those that took no part; null where it does not match. A literal has none. */
  groups(line: string): Record<string, string> | null;
}

/** The whole line, letter for letter. */
export function literalLine(text: string): LineMatcher {
  return {
    matches: (line) => line === text,
    groups: (line) => (line === text ? {} : null),
  };
}

/**
 * A regular expression in RE2's syntax, found anywhere in the line unless it is anchored. It runs in time linear in the
 * line, whatever the pattern: no server's answer can stall a worker.
 * @throws SwarmError `pattern-invalid` with RE2's own description.
 */
export function compilePattern(source: string): LineMatcher {
  const pattern = compileRe2(source);
  const names = Object.keys(pattern.namedGroups());
  return {
    matches: (line) => pattern.matcher(line).find(),
    groups(line) {
      const matcher = pattern.matcher(line);
      if (!matcher.find()) return null;
      return Object.fromEntries(names.map((name) => [name, matcher.group(name) ?? '']));
    },
  };
}

function compileRe2(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (cause) {
    if (!(cause instanceof RE2JSException)) throw cause;
    const reason = cause instanceof RE2JSSyntaxException ? cause.getDescription() : cause.message;
    throw new SwarmError('pattern-invalid', `The pattern /${source}/ is not valid: ${reason}.`, {
      hint: 'Patterns have the syntax of RE2, which knows no look-around and no back-references.',
      cause,
    });
  }
}
