import { isDeepStrictEqual } from 'node:util';
import type { Framing } from '../../../src/core/index.js';
import { framingCases } from '../../core/framing-cases.js';
import { fromHex } from '../../core/hex.js';
import { RecordingSession } from '../../core/recording-session.js';
import { ScriptedTransport } from '../../core/scripted-transport.js';
import { ensure, type FuzzTarget } from '../target.js';

const framings: readonly Framing[] = [...new Set(framingCases.map(({ framing }) => framing))];

/** What a session makes of these chunks. */
function outcome(framing: Framing, chunks: readonly Uint8Array[]) {
  const session = new RecordingSession({}, { framing });
  const transport = new ScriptedTransport();
  session.start(transport);
  for (const chunk of chunks) transport.arrive(chunk);
  const { packets, ids, reason } = session;
  return { packets, ids, cause: reason?.cause, code: reason?.code };
}

/** `wire` in chunks of the lengths that `cuts` says, again and again. */
function cut(wire: Uint8Array, cuts: Uint8Array): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, i = 0; at < wire.length; i++) {
    const size = 1 + (cuts[i % cuts.length] ?? 0);
    chunks.push(wire.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

/** Its input: which framing, three lengths of chunks, and what comes over the wire. */
export const framing: FuzzTarget = {
  about: 'what comes over the wire, cut into frames',
  maxBytes: 2048,
  tokens: ['0d0a', '0a', '0000', 'ffffffff', '80808080'].map(fromHex),
  seeds: () =>
    framingCases.map(({ framing, wire }) =>
      Uint8Array.of(framings.indexOf(framing), 0, 2, 6, ...fromHex(wire.replaceAll(' ', ''))),
    ),
  eat([which = 0, ...rest]) {
    const framing = framings[which % framings.length]!;
    const cuts = Uint8Array.from(rest.slice(0, 3));
    const wire = Uint8Array.from(rest.slice(3));
    const whole = outcome(framing, [wire]);
    ensure(
      whole.cause === undefined || whole.cause === 'protocol',
      `the session ends for the bytes alone: ${whole.cause}`,
    );
    const size = whole.packets.reduce((sum, hex) => sum + hex.length / 2, 0);
    ensure(size <= wire.length, 'no more is handed on than came');
    const inPieces = outcome(framing, cut(wire, cuts));
    ensure(isDeepStrictEqual(inPieces, whole), 'it is the same wherever the chunks are cut');
  },
};
