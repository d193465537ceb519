import type { Framing, TlsOptions } from '../core/index.js';
import type { Backoff } from '../load/backoff.js';
import type { Distribution } from '../load/distribution.js';
import type { Pacing } from '../load/pacing.js';
import type { Rate } from '../load/rate.js';
import type { Stage } from '../load/stages.js';
import type { Threshold } from '../metrics/thresholds.js';
import type { PacketSet } from '../packets/definition.js';

/** A scenario once validated: plain data, every default filled in, content instead of paths. Durations are milliseconds. */
export interface Plan {
  readonly name: string;
  readonly target: TargetPlan;
  readonly protocol: ProtocolPlan;
  readonly load: LoadPlan;
  readonly seed: number;
  readonly kinds: readonly ClientKindPlan[];
  readonly thresholds: readonly Threshold[];
  /** The environment variables that expressions read, with their values when the scenario was loaded. */
  readonly env: Readonly<Record<string, string>>;
}

export type EmbeddedMode = 'chat' | 'move' | 'echo';

export type TargetPlan =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'tls'; readonly host: string; readonly port: number; readonly tls: TlsOptions }
  | { readonly kind: 'unix'; readonly path: string }
  /** The bundled server, started for the run in a process of its own. */
  | { readonly kind: 'embedded'; readonly mode: EmbeddedMode; readonly faults: readonly ServerFaultPlan[] };

/** How a server is to misbehave, and the words that say so. */
export type ServerFaultPlan = ServerFault & { readonly text: string };

/** A reply is any packet that the server sends; shares are above 0 and at most 1. */
export type ServerFault =
  /** Replies come late, by so many milliseconds, and in their order. */
  | { readonly kind: 'delay'; readonly timesMs: Distribution; readonly share: number }
  /** Nothing is sent for a while, on all connections at once; counted from the first connection. */
  | { readonly kind: 'stall'; readonly durationMs: number; readonly everyMs: number }
  /** Replies are lost, or are random bytes behind their header. */
  | { readonly kind: 'drop' | 'rubbish'; readonly share: number }
  /** Replies say that they have so many bytes. */
  | { readonly kind: 'bad-size'; readonly sizeBytes: number; readonly share: number }
  /** A connection ends in place of a reply. */
  | { readonly kind: 'close' | 'reset'; readonly share: number }
  /** A connection ends in place of the reply behind so many. */
  | { readonly kind: 'close-after' | 'reset-after'; readonly replies: number }
  | { readonly kind: 'never-read' }
  | { readonly kind: 'accept-slowly'; readonly perSec: number }
  /** The process kills itself, so long after the first connection. */
  | { readonly kind: 'die-after'; readonly afterMs: number };

export interface ProtocolPlan {
  readonly send: Framing;
  readonly receive: Framing;
  /** Bytes that each connection begins with, before all frames. */
  readonly preamble: readonly number[];
  /** What the bytes of each connection go through; null where they go as they are. */
  readonly transform: TransformPlan | null;
  readonly packets: PacketSet;
}

/**
 * `covers`: of each frame its body, or all that stands behind its length field, the id too; or every byte of the connection, whatever
 * frames it has.
 */
export interface TransformPlan extends CodePlan {
  readonly covers: 'body' | 'afterLength' | 'stream';
}

export interface LoadPlan {
  /** Connected clients over time; `clients` and `duration` become a ramp at the connect rate and a hold. */
  readonly stages: readonly Stage[];
  /** The most clients connected at once: clients are numbered from 0 to this. */
  readonly maxClients: number;
  readonly warmupMs: number;
  /** `together`: `loop` and `every` start when every client of the first ramp has finished, or failed, its start list. */
  readonly begin: 'each' | 'together';
  readonly gracefulStopMs: number;
  readonly connectTimeoutMs: number;
  readonly pacing: Pacing;
  /** The addresses of this machine to connect from, dealt to the clients in turn; empty leaves it to the system. */
  readonly localAddresses: readonly string[];
  readonly tcp: TcpPlan;
}

/** What the sockets of TCP and TLS are set to. */
export interface TcpPlan {
  readonly noDelay: boolean;
  /** How long a server may be silent before the system asks whether it is still there; null: for ever. */
  readonly keepAliveMs: number | null;
}

export interface ClientKindPlan {
  readonly name: string;
  readonly weight: number;
  readonly data: DataPlan | null;
  /** The code that drives the clients in place of the lists, which are empty then; null where the lists do. */
  readonly bot: BotPlan | null;
  readonly start: readonly Step[];
  readonly loop: readonly Step[];
  readonly every: readonly EveryPlan[];
  readonly on: readonly OnPlan[];
  /** How long a client stays before it leaves and comes back; drawn anew for each stay. */
  readonly lifetimeMs: Range | null;
  /** How long a client that was lost, or could not connect, waits before it tries again; null where it stays lost. */
  readonly reconnect: Backoff | null;
  /** What its clients do wrong, in the order of the scenario. */
  readonly faults: readonly FaultPlan[];
}

/** A fault of packets or of connections, and how often and when it is played. */
export type FaultPlan = (PacketFault | ConnectionFault) & FaultTimes;
export type FaultName = FaultPlan['fault'];

/** On the clock of the run, in milliseconds since its start; null: to the end. */
export interface FaultTimes {
  readonly fromMs: number;
  readonly untilMs: number | null;
}

/** Each packet draws whether it is played: a share, 0 to 1, of them, or at random times, so many a second and client. */
export type PacketFault = PacketFaultKind & { readonly of: 'packets' } & (
    | { readonly share: number; readonly ratePerSec?: undefined }
    | { readonly share?: undefined; readonly ratePerSec: number }
  );
export type PacketFaultKind =
  | { readonly fault: 'fragment'; readonly bytes: Range; readonly pauseMs: Range }
  | { readonly fault: 'resetMidPacket' }
  | { readonly fault: 'wrongSize'; readonly sizes: readonly WrongSize[] }
  | { readonly fault: 'unknownId' }
  | { readonly fault: 'truncate' }
  | { readonly fault: 'overlong' | 'randomBytes' | 'mutate'; readonly bytes: Range };

/** What a size field says: a number, or one that depends on the frame. */
export type WrongSize = number | 'short' | 'larger' | 'largest';

/** Each connection draws whether it is played. */
export type ConnectionFault = ConnectionFaultKind & { readonly of: 'connections'; readonly share: number };
export type ConnectionFaultKind =
  | { readonly fault: 'glue'; readonly bytes: Range; readonly waitMs: number }
  | { readonly fault: 'readSlowly'; readonly bytesPerSec: number }
  /** `afterMs`: since the connect; `start`: once the start list is done. */
  | { readonly fault: 'stopReading' | 'silence' | 'halfOpen' | 'halfClose'; readonly afterMs: number | 'start' }
  | { readonly fault: 'leaveAtOnce'; readonly afterMs: Range };

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** A file of code, which each worker loads, and the constants that it is handed. */
export interface CodePlan {
  /** An absolute path. */
  readonly file: string;
  /** SHA-256 of its text, in hex: another text is another plan. */
  readonly digest: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface BotPlan extends CodePlan {
  /** The broadcasts that it may start. */
  readonly broadcasts: readonly BroadcastPlan[];
}

/** The rows of a CSV file; client i of the kind uses row i modulo their number. */
export interface DataPlan {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One open-loop send: due when its rate says, whether or not answers came. */
export interface EveryPlan {
  readonly send: SendStep;
  readonly rate: Rate;
  readonly arrivals: 'constant' | 'poisson';
  /** `client`: each client has a clock of its own. `swarm`: all of the kind have one, and its slots are dealt to them in turn. */
  readonly per: 'client' | 'swarm';
  /** Where a client's constant arrivals stand in their interval: drawn, or client i of n at i/n of it. */
  readonly phase: 'random' | 'even';
}

/** What a client does when the server sends `packet` and nothing else was waiting for it. */
export interface OnPlan {
  /** The packet, or the frames, that it answers. */
  readonly match: Match;
  /** The fields of that packet that the expressions of `steps` read as `reply`: nothing else is decoded. */
  readonly fields: readonly string[];
  readonly steps: readonly Step[];
}

export type Step = SendStep | ExpectStep | PauseStep | RepeatStep | DisconnectStep;

export interface SendStep {
  readonly verb: 'send';
  /** The tag `step` of what this step measures: its path in the file, as in `talker.start[0]`. */
  readonly path: string;
  /** The packet's name; for text, the line as the scenario writes it, on one line; `json` or `bytes`. */
  readonly packet: string;
  /** One value for each field of the packet, in the definition's order; where frames have no names, that of the frame. */
  readonly values: readonly ValueTemplate[];
  readonly expect: Expectation | null;
  readonly broadcast: BroadcastPlan | null;
}

/** A packet that the server hands to everyone: each copy is found by the stamp that its sender wrote. */
export interface BroadcastPlan {
  /** The packet that brings it. */
  readonly packet: string;
  /** The whole-number field that holds the stamp, in this packet and, but for a bot, in the one sent; null: it stands somewhere in a string. */
  readonly field: string | null;
  /** A copy that has not come by then is missing. */
  readonly timeoutMs: number;
  /** A client is expected to hear what was sent from `guardMs` after it came to `guardMs` before it left. */
  readonly guardMs: number;
  /** Whether the sender hears it too. */
  readonly echo: boolean;
}

export interface ExpectStep {
  readonly verb: 'expect';
  readonly path: string;
  readonly expect: Expectation;
}

export interface PauseStep {
  readonly verb: 'pause';
  readonly durationMs: Range;
}

export interface RepeatStep {
  readonly verb: 'repeat';
  readonly times: number;
  readonly steps: readonly Step[];
}

export interface DisconnectStep {
  readonly verb: 'disconnect';
}

/** What counts as the packet waited for. */
export type Match =
  | { readonly kind: 'packet'; readonly packet: string }
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'pattern'; readonly pattern: string }
  /** JSON that has these values where these pointers lead; none of them: any JSON. */
  | { readonly kind: 'json'; readonly members: Readonly<Record<string, string | number | boolean | null>> }
  /** Hexadecimal digits, of which `?` is any; `*` at the end lets anything follow. */
  | { readonly kind: 'bytes'; readonly pattern: string };

export interface Expectation {
  /** Whichever comes first. */
  readonly matches: readonly Match[];
  readonly timeoutMs: number;
  /** `fail` ends the list and drops the connection; `continue` goes on. An `every` step only counts its timeouts. */
  readonly onTimeout: 'fail' | 'continue';
  /** Fields, of JSON pointers, that must be equal for a packet to be the reply. */
  readonly where: readonly { readonly field: string; readonly value: ValueTemplate }[];
  readonly save: readonly { readonly name: string; readonly value: ValueTemplate }[];
  readonly check: readonly { readonly name: string; readonly value: ValueTemplate }[];
  /** The fields of the reply that `where`, `save` and `check` read: nothing else is decoded. */
  readonly fields: readonly string[];
}

/**
 * A value that a scenario writes. `constant` is already of the field's type; `expression` is one CEL expression whose type
 * `validate` found to fit; `text` is literal text with expressions and stamps in it; `stamp` is the stamp of a broadcast as a whole
 * number: microseconds since the run's start, modulo the field's width; `list` holds one array of templates per element, `struct`
 * one array, in the order of the fields; `array` one template per element; `absent` is a field that was left out; `json` is the text of
 * a JSON value, of which expressions write a whole value or, `quoted`, a part of a string.
 */
export type ValueTemplate =
  | { readonly kind: 'constant'; readonly value: number | bigint | boolean | string }
  | { readonly kind: 'expression'; readonly source: string }
  | {
      readonly kind: 'text';
      readonly parts: readonly (string | { readonly source: string } | { readonly stamp: true })[];
    }
  | {
      readonly kind: 'json';
      readonly parts: readonly (
        | string
        | { readonly source: string; readonly quoted: boolean }
        | { readonly stamp: true }
      )[];
    }
  | { readonly kind: 'stamp' }
  | { readonly kind: 'bytes'; readonly hex: string }
  | { readonly kind: 'list'; readonly items: readonly (readonly ValueTemplate[])[] }
  | { readonly kind: 'array'; readonly items: readonly ValueTemplate[] }
  | { readonly kind: 'struct'; readonly values: readonly ValueTemplate[] }
  | { readonly kind: 'absent' };
