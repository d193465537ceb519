import type { Framing, LengthFraming } from '../core/index.js';
import { largestIdOf } from '../core/index.js';
import { largestLength, lengthFor } from '../core/length-field.js';
import { namedPackets, type PacketSet } from '../packets/index.js';
import type { Collected } from './collect.js';
import type { Path } from './document.js';
import type { FaultInput } from './fault-schema.js';
import type { FaultName, FaultPlan, PacketFaultKind, WrongSize } from './plan.js';
import type { ProblemList } from './problem-list.js';
import { formatDuration } from './quantities.js';

/** What faults have to do with. */
export interface FaultContext {
  /** How what clients send shows on the wire; undefined where that is wrong. */
  readonly wire: Framing | undefined;
  readonly packets: PacketSet;
  /** When the run ends, where the scenario decides that. */
  readonly endMs: number | undefined;
  readonly problems: ProblemList;
}

/** How often, as far as it was said. */
interface Frequency {
  readonly share?: number | undefined;
  readonly rate?: number | undefined;
}

type Input = Collected<FaultInput>;
type OptionsOf<Name extends FaultName> = NonNullable<Extract<Input, { readonly [Key in Name]: unknown }>[Name]>;

/** Each fault by its name in the scenario. Undefined: a part of it was wrong, and is reported. */
type Readers = { readonly [Name in FaultName]: (options: OptionsOf<Name>, place: Place) => FaultPlan | undefined };

/** Where a fault stands, and what it is played on. */
interface Place extends FaultContext {
  readonly path: Path;
}

/** The list under `faults`: what is right of it; the rest is reported. */
export function compileFaults(
  input: readonly (Input | undefined)[],
  path: Path,
  context: FaultContext,
): readonly FaultPlan[] {
  const faults = input.flatMap((entry, i) => {
    if (entry === undefined) return [];
    const name = Object.keys(entry)[0] as FaultName;
    const options = (entry as { readonly [Key in FaultName]?: object })[name];
    const read = readers[name] as (options: object, place: Place) => FaultPlan | undefined;
    return (options && read(options, { ...context, path: [...path, i, name] })) ?? [];
  });
  checkTogether(input, path, context.problems);
  return faults;
}

const readers: Readers = {
  fragment: ({ bytes, pause, ...rest }, place) =>
    bytes && pause && ofPackets({ fault: 'fragment', bytes, pauseMs: pause }, rest, place),
  resetMidPacket: (options, place) => ofPackets({ fault: 'resetMidPacket' }, options, place),
  wrongSize(options, place) {
    const sizes = place.wire && compileSizes(options.sizes, place.wire, place);
    return sizes && ofPackets({ fault: 'wrongSize', sizes }, options, place);
  },
  unknownId(options, place) {
    checkIds(place);
    return ofPackets({ fault: 'unknownId' }, options, place);
  },
  truncate: (options, place) => ofPackets({ fault: 'truncate' }, options, place),
  overlong: ({ bytes, ...rest }, place) => bytes && ofPackets({ fault: 'overlong', bytes }, rest, place),
  randomBytes: ({ bytes, ...rest }, place) => bytes && ofPackets({ fault: 'randomBytes', bytes }, rest, place),
  mutate: ({ bytes, ...rest }, place) => bytes && ofPackets({ fault: 'mutate', bytes }, rest, place),
  glue({ bytes, wait, ...rest }, place) {
    const times = timesOf(rest, place);
    if (bytes === undefined || wait === undefined || times === undefined) return undefined;
    if (wait > 0) return { fault: 'glue', of: 'connections', bytes, waitMs: wait, ...times };
    return place.problems.report([...place.path, 'wait'], 'in no time nothing is gathered', {
      hint: 'write wait: 200ms',
    });
  },
  readSlowly({ rate, ...rest }, place) {
    const times = timesOf(rest, place);
    if (rate === undefined || times === undefined) return undefined;
    return { fault: 'readSlowly', of: 'connections', bytesPerSec: rate, ...times };
  },
  stopReading: (options, place) => fromThenOn('stopReading', options, place),
  silence: (options, place) => fromThenOn('silence', options, place),
  halfOpen: (options, place) => fromThenOn('halfOpen', options, place),
  halfClose: (options, place) => fromThenOn('halfClose', options, place),
  leaveAtOnce({ after, ...rest }, place) {
    const times = timesOf(rest, place);
    return after && times && { fault: 'leaveAtOnce', of: 'connections', afterMs: after, ...times };
  },
};

type Times = Omit<OptionsOf<'glue'>, 'bytes' | 'wait'>;

function ofPackets(
  kind: PacketFaultKind,
  { share, rate, ...rest }: Frequency & Times,
  place: Place,
): FaultPlan | undefined {
  if (share !== undefined && rate !== undefined) {
    return place.problems.report([...place.path, 'rate'], '`share` and `rate` both say how often', {
      part: 'key',
      hint: 'keep one of the two',
    });
  }
  const times = timesOf({ ...rest, share }, place);
  if (times === undefined) return undefined;
  const { share: part, ...fromUntil } = times;
  if (rate !== undefined) return { ...kind, of: 'packets', ratePerSec: rate, ...fromUntil };
  return { ...kind, of: 'packets', share: part, ...fromUntil };
}

function timesOf({ share = 1, from, until }: Times, { path, endMs, problems }: Place) {
  if (from !== undefined && endMs !== undefined && from >= endMs) {
    const end = formatDuration(endMs);
    return problems.report([...path, 'from'], `the run ends at ${end}: the fault would never be played`, {
      hint: `write a time before ${end}, or let the run last longer`,
    });
  }
  if (until !== undefined && from !== undefined && until <= from) {
    return problems.report([...path, 'until'], '`until` is not after `from`: the fault would never be played', {
      hint: `write until: ${formatDuration(from + 1000)} or later`,
    });
  }
  return from === undefined ? undefined : { share, fromMs: from, untilMs: until ?? null };
}

function fromThenOn(
  fault: 'stopReading' | 'silence' | 'halfOpen' | 'halfClose',
  { after, ...rest }: OptionsOf<'silence'>,
  place: Place,
): FaultPlan | undefined {
  const times = timesOf(rest, place);
  return after !== undefined && times ? { fault, of: 'connections', afterMs: after, ...times } : undefined;
}

function compileSizes(
  input: readonly (WrongSize | undefined)[] | undefined,
  wire: Framing,
  { path, problems }: Place,
): readonly WrongSize[] | undefined {
  if (wire.kind !== 'length') {
    return problems.report(path, 'the frames of this protocol show no size that could be wrong', {
      part: 'key',
      hint: 'play truncate, overlong or randomBytes in its place',
    });
  }
  const shortest = lengthFor(wire, wire.headerSize - 1);
  if (input === undefined) return shortest < 0 ? [0, 1, 'larger', 'largest'] : [0, 1, 'short', 'larger', 'largest'];
  const sizes = input.flatMap((size, i) => {
    const wrong = size === undefined ? undefined : whyNot(size, shortest, wire);
    if (wrong !== undefined) problems.report([...path, 'sizes', i], wrong.message, { hint: wrong.hint });
    return size === undefined || wrong !== undefined ? [] : [size];
  });
  return sizes.length < input.length ? undefined : sizes;
}

/** Why the size field cannot say this. */
function whyNot(size: WrongSize, shortest: number, wire: LengthFraming): { message: string; hint: string } | undefined {
  const largest = largestLength(wire);
  if (size === 'short' && shortest < 0) {
    return { message: 'the size field counts no header, so nothing is less than the header', hint: 'leave short out' };
  }
  if (typeof size !== 'number' || size <= largest) return undefined;
  return {
    message: `the size field cannot say ${size}: it has ${wire.lengthFieldLength} ${wire.lengthFieldLength === 1 ? 'byte' : 'bytes'}`,
    hint: `write at most ${largest}, or largest`,
  };
}

function checkIds({ wire, packets, path, problems }: Place): void {
  if (wire === undefined) return;
  const largest = wire.kind === 'length' ? largestIdOf(wire) : -1;
  const named = namedPackets(packets);
  if (largest < 0 || named === null) {
    problems.report(path, 'the frames of this protocol show no id that could be unknown', {
      part: 'key',
      hint: 'play mutate or randomBytes in its place',
    });
  } else if (new Set(named.map(({ id }) => id)).size > largest) {
    problems.report(path, 'every id that the framing has room for is a packet’s', {
      part: 'key',
      hint: 'leave it out',
    });
  }
}

/** `glue` gathers what `fragment` takes apart, and packs up what another `glue` has packed. */
function checkTogether(input: readonly (Input | undefined)[], path: Path, problems: ProblemList): void {
  const placesOf = (name: FaultName) =>
    input.flatMap((entry, i) => (entry !== undefined && Object.hasOwn(entry, name) ? [[...path, i, name]] : []));
  const [first, second] = placesOf('glue');
  if (first === undefined) return;
  const other = second ?? placesOf('fragment')[0];
  if (other === undefined) return;
  problems.report(other, second === undefined ? '`glue` undoes what `fragment` does' : '`glue` stands here twice', {
    part: 'key',
    hint: 'keep one of the two, or give the other to another kind of clients',
  });
}
