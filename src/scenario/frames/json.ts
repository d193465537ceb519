import type { JsonValue } from '../../packets/definition.js';
import { atPointer, parsePointer } from '../../packets/json-pointer.js';
import { show } from '../collect.js';
import type { Match } from '../plan.js';
import type { Report } from '../problem-list.js';
import type { Misfit, ReplyShape } from '../reply-shape.js';
import { compileJsonTemplate } from './json-template.js';
import type { FrameSpeech, Wanted } from './speech.js';

/** Values of JSON: sent as YAML has them, waited for by the values at some pointers. */
export const jsonSpeech: FrameSpeech = {
  protocol: 'a JSON protocol',
  keys: ['match'],
  anything: { kind: 'json', members: {} },
  whereMisfit: pointerMisfit,
  tag: () => 'json',
  value: compileJsonTemplate,
  match: matchMembers,
  reply: () => replyOfJson,
};

function matchMembers({ input, path }: Wanted, _readFile: unknown, report: Report): Match | undefined {
  if (input === 'any') return jsonSpeech.anything;
  if (typeof input === 'string' || !isMembers(input)) {
    const given = typeof input === 'string' ? `${show(input)} says` : 'bytes say';
    return report(path, `${given} nothing of JSON`, { hint: 'write { /type: welcome }, or any for whatever comes' });
  }
  const members: Record<string, string | number | boolean | null> = {};
  let sound = true;
  for (const [pointer, value] of Object.entries(input)) {
    const at = [...path, pointer];
    const misfit = pointerMisfit(pointer);
    if (misfit !== undefined) {
      report(at, misfit.message, { part: 'key', hint: misfit.hint });
      sound = false;
    } else if (typeof value === 'string' && value.includes('${')) {
      report(at, 'what is waited for is taken letter for letter: it cannot have expressions', {
        hint: `write where: { ${pointer}: … } beside \`match\``,
      });
      sound = false;
    } else if (value === undefined) {
      sound = false;
    } else {
      members[pointer] = value;
    }
  }
  return sound ? { kind: 'json', members } : undefined;
}

/** A mapping of pointers, where bytes have four keys of their own. */
function isMembers(input: object): input is Readonly<Record<string, string | number | boolean | null | undefined>> {
  return !('hex' in input);
}

const replyOfJson: ReplyShape = {
  fields: [],
  methods: [
    {
      signature: 'at(string): dyn',
      call({ value }, pointer: string) {
        const found = atPointer(value as JsonValue, partsOf(pointer));
        if (found === undefined) throw new Error(`there is nothing at ${JSON.stringify(pointer)} in the reply`);
        return toCel(found);
      },
      misfit: pointerMisfit,
    },
    {
      signature: 'has(string): bool',
      call: ({ value }, pointer: string) => atPointer(value as JsonValue, partsOf(pointer)) !== undefined,
      misfit: pointerMisfit,
    },
  ],
};

/** Scenarios have few pointers, and each is read for every reply; those that expressions put together are not kept. */
const knownPointers = new Map<string, readonly string[]>();
const mostKnownPointers = 1000;

function partsOf(pointer: string): readonly string[] {
  const known = knownPointers.get(pointer);
  if (known !== undefined) return known;
  const parts = parsePointer(pointer);
  if (parts === null) throw new Error(`${JSON.stringify(pointer)} is not a JSON pointer`);
  if (knownPointers.size < mostKnownPointers) knownPointers.set(pointer, parts);
  return parts;
}

function pointerMisfit(pointer: string): Misfit | undefined {
  if (parsePointer(pointer) !== null) return undefined;
  return {
    message: `\`${pointer}\` is not a JSON pointer`,
    hint: 'a pointer begins with a slash, as in /player/id; ~1 stands for a slash in a key, ~0 for ~',
  };
}

/** As expressions have it: whole numbers are bigints. */
function toCel(value: JsonValue): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(toCel);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toCel(member)]));
}
