import { serverCoreFraming } from '../../../src/core/index.js';
import type { RandomStream } from '../../../src/load/random.js';
import type { FaultPlan, ProtocolPlan, ServerFault, ServerFaultPlan } from '../../../src/scenario/plan.js';
import { oneOf } from './weather.js';

/** What the clients of a kind do wrong: one thing or two, in all of the run or in a part of it. */
export function drawFaults(random: RandomStream, { send }: Pick<ProtocolPlan, 'send'>): readonly FaultPlan[] {
  // Other framings have no place for a size below the header.
  const sizes =
    send === serverCoreFraming ? (['short', 'larger', 'largest'] as const) : (['larger', 'largest'] as const);
  return Array.from({ length: random.int(1, 2) }, () => {
    const times = random.next() < 0.6 ? { fromMs: 0, untilMs: null } : { fromMs: random.int(0, 500), untilMs: 900 };
    const ofPackets = { of: 'packets', share: oneOf(random, [0.05, 0.3]), ...times } as const;
    const ofConnections = { of: 'connections', share: oneOf(random, [0.3, 1]), ...times } as const;
    const bytes = { min: 1, max: oneOf(random, [1, 20]) };
    const afterMs = oneOf(random, ['start', 0, random.int(1, 400)]);
    return oneOf<FaultPlan>(random, [
      { ...ofPackets, fault: 'fragment', bytes, pauseMs: { min: 0, max: oneOf(random, [0, 5]) } },
      { ...ofPackets, fault: 'resetMidPacket' },
      { ...ofPackets, fault: 'wrongSize', sizes },
      { ...ofPackets, fault: 'unknownId' },
      { ...ofPackets, fault: 'truncate' },
      { ...ofPackets, fault: 'overlong', bytes },
      { ...ofPackets, fault: 'randomBytes', bytes },
      { ...ofPackets, fault: 'mutate', bytes },
      { ...ofConnections, fault: 'glue', bytes: { min: 50, max: 500 }, waitMs: random.int(1, 50) },
      { ...ofConnections, fault: 'readSlowly', bytesPerSec: oneOf(random, [100, 5000]) },
      { ...ofConnections, fault: 'stopReading', afterMs },
      { ...ofConnections, fault: 'silence', afterMs },
      { ...ofConnections, fault: 'halfOpen', afterMs },
      { ...ofConnections, fault: 'halfClose', afterMs },
      { ...ofConnections, fault: 'leaveAtOnce', afterMs: { min: 0, max: oneOf(random, [0, 300]) } },
    ]);
  });
}

/** What the reference server does wrong: one thing to its packets, and sometimes one to all connections. Nobody dies: that takes a process. */
export function drawServerFaults(random: RandomStream): readonly ServerFaultPlan[] {
  const share = oneOf(random, [0.02, 0.2]);
  const replies = random.int(0, 30);
  const ofReplies: ServerFault = oneOf<ServerFault>(random, [
    { kind: 'delay', timesMs: { kind: 'exponential', mean: oneOf(random, [2, 60]) }, share: oneOf(random, [share, 1]) },
    { kind: 'stall', durationMs: random.int(10, 300), everyMs: random.int(310, 700) },
    { kind: 'drop', share },
    { kind: 'rubbish', share },
    { kind: 'close', share },
    { kind: 'reset', share },
    { kind: 'bad-size', sizeBytes: oneOf(random, [0, 3, 7, 65_535]), share },
    { kind: 'close-after', replies },
    { kind: 'reset-after', replies },
  ]);
  const ofConnections = oneOf<ServerFault>(random, [
    { kind: 'never-read' },
    { kind: 'accept-slowly', perSec: oneOf(random, [5, 100]) },
  ]);
  const drawn = random.next() < 0.25 ? [ofReplies, ofConnections] : [ofReplies];
  return drawn.map((fault) => ({ ...fault, text: fault.kind }));
}
