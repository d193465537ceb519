import { type Problem, SwarmError } from '../errors.js';
import type { ListField } from '../packets/index.js';

/** Words that TypeScript lets no interface be called. */
const keywords = new Set(
  (
    'any await bigint boolean break case catch class const continue debugger default delete do else enum export extends ' +
    'false finally for function if implements import in instanceof interface let never new null number object package ' +
    'private protected public return static string super switch symbol this throw true try type typeof undefined ' +
    'unknown var void while with yield'
  ).split(' '),
);

/** Types that the generated file itself uses. */
const taken = new Set([
  'ClientPacketHandler',
  'ClientPacketManager',
  'DataView',
  'ProtocolError',
  'ServerPacketHandler',
  'ServerPacketManager',
  'Uint8Array',
]);

/**
 * The interface of a list's element: `S_PlayerList_Player` for the list `player` of `S_PlayerList`, where the original
 * generator nests a class `Player` in the packet's.
 */
export function elementTypeName(outer: string, { item }: ListField): string {
  return `${outer}_${item.charAt(0).toUpperCase()}${item.slice(1)}`;
}

/**
 * Refuses what would not compile: a name that cannot be a type's, or two types of one name. `alsoTaken`: names that the file of
 * this format uses besides those that every file uses.
 * @throws SwarmError `packets-ungeneratable` with every such name, as a `NameProblem`.
 */
export function checkTypeNames(types: readonly OwnedType[], alsoTaken: ReadonlySet<string> = new Set()): void {
  const owners = new Map<string, string>();
  const problems = types.flatMap(({ type, owner }): NameProblem[] => {
    const message = nameProblem(type, owner, owners.get(type), taken.has(type) || alsoTaken.has(type));
    owners.set(type, owner);
    return message === undefined ? [] : [{ message, owner }];
  });
  if (problems.length === 0) return;
  throw new SwarmError('packets-ungeneratable', 'No TypeScript can be made of these packets.', {
    problems,
    hint: 'Names do not travel: make it of a copy of the file with other names, and the same ids and order, for the same bytes.',
  });
}

/** A name that no type can have. */
export interface NameProblem extends Problem {
  /** As in `OwnedType`. */
  readonly owner: string;
}

export function isNameProblem(problem: Problem): problem is NameProblem {
  return 'owner' in problem;
}

export interface OwnedType {
  readonly type: string;
  /** The path of what it is the type of, for messages. */
  readonly owner: string;
}

function nameProblem(
  type: string,
  owner: string,
  otherOwner: string | undefined,
  isTaken: boolean,
): string | undefined {
  if (otherOwner !== undefined) return `${owner} and ${otherOwner} would both have the type ${type}`;
  if (!/^[\p{L}_$][\p{L}\p{Nd}_$]*$/u.test(type)) return `${owner}: ${type} is not a name in TypeScript`;
  if (keywords.has(type)) return `${owner}: ${type} is a word of TypeScript’s own`;
  return isTaken ? `${owner}: ${type} is a name that the generated file uses itself` : undefined;
}
