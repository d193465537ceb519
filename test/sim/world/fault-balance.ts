import type { Totals } from '../../../src/metrics/totals.js';
import type { ClientKindPlan, FaultName, ServerFault } from '../../../src/scenario/plan.js';
import { frameEnd } from './frame-end.js';
import type { Tape } from './tape.js';
import type { World } from './world.js';

/** What became of the packets of one session on their way out. */
interface Passage {
  readonly packets: number;
  readonly lost: number;
  readonly changed: number;
  /** Behind the last that went out. */
  readonly unsent: number;
  /** Bytes that went out and that are of none of them. */
  readonly strangeBytes: number;
}

/** Whether what faults did to the bytes is what was counted of them, and those who play none went unhurt. */
export function checkFaults(world: World, totals: Totals): void {
  for (const kind of world.scenario.plan.kinds) checkKind(world, totals, kind);
  if (world.scenario.mode !== 'answers') checkServerFaults(world);
}

function checkKind({ referee, tapes, kinds, scenario }: World, totals: Totals, { name, faults }: ClientKindPlan): void {
  const ours = tapes.filter(({ session }) => kinds.get(session) === name);
  const fail = (words: string): void => referee.fail(`faults of ${name}: ${words}`);
  if (faults.length === 0) {
    if (ours.some(({ isFaulty }) => isFaulty)) fail('they are played by who has none');
    return;
  }
  const played = (chosen: readonly FaultName[]): number =>
    chosen.reduce((sum, fault) => sum + totals.counter('faults_played', { fault, client: name }, 'wholeRun'), 0);
  const causes: readonly FaultName[] = faults
    .filter(({ fault, untilMs }) => spoiling.has(fault) || (silencing.has(fault) && untilMs !== null))
    .map(({ fault }) => fault);
  const hurt = ours.filter(({ outgoing, wire }) => !outgoing.beginsWith(wire)).length;
  const most = played([...new Set(causes)]);
  if (hurt > most) fail(`${hurt} connections are hurt, and only ${most} were counted`);

  const { send } = scenario.plan.protocol;
  const isAligned =
    faults.every(({ fault }) => keepingLength.has(fault)) &&
    !(send.kind === 'length' && send.lengthFieldLength === 'varint');
  if (isAligned) {
    const passages = ours.map((tape) => passageOf(tape, false));
    const changed = passages.reduce((sum, passage) => sum + passage.changed, 0);
    if (passages.some(({ strangeBytes }) => strangeBytes > 0)) fail('bytes are sent that are of no packet');
    referee.same(`packets that the faults of ${name} have changed`, changed, most);
  }

  const ended = totals.counter('disconnects', { client: name, cause: 'fault' }, 'wholeRun');
  const left = played(['leaveAtOnce']);
  if (ended < left || ended > left + played(['resetMidPacket'])) fail(`${ended} connections were ended by them`);
}

const spoiling: ReadonlySet<FaultName> = new Set([
  'wrongSize',
  'unknownId',
  'truncate',
  'overlong',
  'randomBytes',
  'mutate',
]);
/** Those of them that change each packet that they count, and leave it as long as it was. */
const keepingLength: ReadonlySet<FaultName> = new Set(['wrongSize', 'unknownId', 'mutate']);
/** What is sent meanwhile is lost; what is sent afterwards is not. */
const silencing: ReadonlySet<FaultName> = new Set(['silence', 'halfOpen']);

function checkServerFaults(world: World): void {
  const { referee, tapes, scenario, serverTotals } = world;
  const drawn = scenario.serverFaults.map(({ kind }) => kind);
  const theirs = tapes.filter(({ side }) => side === 'server');
  const counted: Counted = (kind) => serverTotals.reduce((sum, { faults }) => sum + (faults[kind] ?? 0), 0);
  for (const kind of new Set(serverTotals.flatMap(({ faults }) => Object.keys(faults)))) {
    if (!drawn.some((one) => one === kind)) referee.fail(`the server has counted the fault ${kind}, which it has not`);
  }
  checkReplies(world, theirs, counted);
  checkEnds(world, theirs, counted);
}

type Counted = (kind: ServerFault['kind']) => number;

function checkReplies({ referee, scenario }: World, theirs: readonly Tape[], counted: Counted): void {
  const loses = scenario.serverFaults.some(({ kind }) => kind === 'drop');
  const passages = theirs.map((tape) => passageOf(tape, loses));
  const sum = (what: keyof Passage): number => passages.reduce((all, passage) => all + passage[what], 0);
  const [lost, changed, unsent] = [sum('lost'), sum('changed'), sum('unsent')];
  const mayChange = counted('rubbish') + counted('bad-size');
  if (lost > counted('drop') || counted('drop') > lost + unsent) {
    referee.fail(`the server has lost ${lost} packets, and at most ${unsent} more, and counted ${counted('drop')}`);
  }
  if (changed > mayChange) referee.fail(`the server has changed ${changed} packets, and counted ${mayChange}`);
  if (counted('bad-size') > changed + unsent) {
    referee.fail(`the server has counted ${counted('bad-size')} bad sizes, and sent ${changed}`);
  }
  const strange = sum('strangeBytes');
  if (strange > 0) referee.fail(`the server has sent ${strange} bytes that are of no packet`);
  for (const kind of ['delay', 'stall'] as const) {
    if (counted(kind) > sum('packets')) referee.fail(`the server has counted ${kind} more often than packets`);
  }
}

function checkEnds({ referee }: World, theirs: readonly Tape[], counted: Counted): void {
  // A connection may break before its end is due.
  const resets = counted('reset') + counted('reset-after');
  const reset = theirs.filter(({ reason }) => reason?.code === 'fault').length;
  if (reset > resets) referee.fail(`the server has reset ${reset} connections, and counted ${resets}`);
  const ends = resets + counted('close') + counted('close-after');
  if (ends > theirs.length) referee.fail(`the server has counted ${ends} ends of ${theirs.length} connections`);
}

/** Holds what a session has sent against what went out of it, packet by packet. */
function passageOf({ outgoing, wire }: Tape, loses: boolean): Passage {
  const passage = { packets: 0, lost: 0, changed: 0, unsent: 0, strangeBytes: 0 };
  let at = outgoing.unframed;
  let out = outgoing.unframed;
  let waiting = 0;
  for (;;) {
    const end = frameEnd(outgoing.framing, outgoing.bytes, at, outgoing.accepted);
    if (end === null) break;
    const packet = outgoing.bytes.subarray(at, end);
    passage.packets++;
    at = end;
    if (out + packet.length > wire.accepted) {
      waiting++;
      continue;
    }
    const isSame = Buffer.compare(wire.bytes.subarray(out, out + packet.length), packet) === 0;
    if (!isSame && loses) {
      waiting++;
      continue;
    }
    if (!isSame) passage.changed++;
    passage.lost += waiting;
    waiting = 0;
    out += packet.length;
  }
  passage.unsent = waiting;
  passage.strangeBytes = Math.max(0, wire.accepted - out);
  return passage;
}
