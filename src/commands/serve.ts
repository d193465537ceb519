import { once } from 'node:events';
import { resolve } from 'node:path';
import type { LimitName, PacketTotals, ServerMode, ServerTotals, TrafficTotals } from '../control/server-messages.js';
import { type EndPoint, formatEndPoint } from '../core/index.js';
import { SwarmError } from '../errors.js';
import { exitCodes } from '../exit-codes.js';
import { counted, exactCount } from '../metrics/format.js';
import { parseDuration } from '../scenario/quantities.js';
import { startServer } from '../server/server.js';
import { countsByName } from './counts-by-name.js';
import { LimitNotices } from './limit-notices.js';
import { readOption } from './read-option.js';
import { parseFaults } from './serve-faults.js';
import { parseLimits, type ServeLimitOptions } from './serve-limits.js';
import { readServerTls, type ServeTlsOptions } from './serve-tls.js';
import { SignalDesk } from './signals.js';

/** The options of `swarm serve`, as the command line gives them. */
export interface ServeOptions extends ServeTlsOptions, ServeLimitOptions {
  readonly mode: ServerMode;
  readonly host: string;
  readonly port: string;
  /** The path of a Unix socket to listen on, in place of host and port. */
  readonly unix?: string;
  /** From one flush of a room's broadcasts to the next: `250ms`. */
  readonly flush: string;
  /** Each as `parseServerFault` reads it. */
  readonly fault: readonly string[];
  readonly seed: string;
  readonly json?: boolean;
}

/** Every mode, as the line that says where the server listens calls it. */
const modeTitles: Readonly<Record<ServerMode, string>> = {
  chat: 'chat room',
  move: 'move room',
  echo: 'echo',
  sink: 'sink',
  hello: 'hello',
};

/**
 * Runs the reference server until a signal comes; prints where it listens, and in the end what it counted.
 * @throws SwarmError for options that are not valid, and where it cannot listen.
 */
export async function serve(options: ServeOptions): Promise<number> {
  const { mode } = options;
  const endPoint = parseEndPoint(options);
  const flushMs = parseFlush(options.flush);
  const tls = readServerTls(options);
  const limits = parseLimits(options);
  const faults = parseFaults(options.fault, mode);
  const seed = parseSeed(options.seed);
  const desk = new SignalDesk();
  const notices = new LimitNotices((line) => console.error(`swarm serve: ${line}`));
  const onLimit = (limit: LimitName): void => notices.add(limit);
  try {
    const serverOptions = { mode, endPoint, flushMs, limits, onLimit, faults, seed, ...(tls !== undefined && { tls }) };
    const server = await startServer(serverOptions);
    const target = `${tls === undefined ? '' : 'tls://'}${formatEndPoint(server.endPoint)}`;
    const texts = faults.map(({ text }) => text);
    console.log(
      options.json
        ? JSON.stringify({ mode, target, ...server.endPoint, pid: process.pid, faults: texts })
        : `swarm serve: ${modeTitles[mode]} on ${target}${texts.length === 0 ? '' : ` (${texts.join(', ')})`}`,
    );
    if (!desk.stop.aborted) await once(desk.stop, 'abort');
    const totals = await server.close();
    console.log(options.json ? JSON.stringify(totals) : renderServerTotals(totals));
    return exitCodes.ok.code;
  } finally {
    notices.close();
    desk.close();
  }
}

/** The totals as lines of text. Numbers are exact, so that they can be balanced against a run's. */
export function renderServerTotals(totals: ServerTotals): string {
  const { sessions, received, sent, refusedPackets, disconnects, protocolErrors, acceptErrors, limits, faults } =
    totals;
  const rows = [
    ['sessions', `${exactCount(sessions.accepted)} accepted, at most ${exactCount(sessions.peak)} at once`],
    ...trafficRows('received', received),
    ...trafficRows('sent', sent),
    ['refused', refusedPackets === 0 ? '' : counted(refusedPackets, 'packet')],
    ['disconnects', countsByName(disconnects)],
    ['protocol errors', countsByName(protocolErrors)],
    ['failed accepts', countsByName(acceptErrors)],
    ['limits', countsByName(limits)],
    ['faults', countsByName(faults)],
  ] as const;
  const shown = rows.filter(([, text]) => text !== '');
  const width = Math.max(...shown.map(([label]) => label.length));
  return shown.map(([label, text]) => `${label.padEnd(width)}  ${text}`).join('\n');
}

function trafficRows(label: string, { packets, bytes, byId }: TrafficTotals): (readonly [string, string])[] {
  const rows = byId.map((packet) => [`  ${packetLabel(packet)}`, exactCount(packet.packets)] as const);
  return [[label, `${counted(packets, 'packet')}, ${counted(bytes, 'byte')}`], ...rows];
}

function packetLabel({ id, name }: PacketTotals): string {
  if (id === -1) return 'without an id';
  return name ?? `id ${id}`;
}

/** An absolute path: what is printed of it is a target in any folder. */
function parseEndPoint({ unix, host, port }: ServeOptions): EndPoint {
  if (unix === undefined) return { host, port: parsePort(port) };
  if (unix !== '') return { path: resolve(unix) };
  throw new SwarmError('socket-invalid', '--unix names no socket.', { hint: 'Write --unix /tmp/game.sock.' });
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new SwarmError('port-invalid', `--port ${text}: not a port`, {
    hint: 'A port is a whole number from 1 to 65535; with 0 the system chooses a free one.',
  });
}

function parseSeed(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new SwarmError('seed-invalid', `--seed ${text}: not a seed`, { hint: 'A seed is a whole number from 0 on.' });
}

function parseFlush(text: string): number {
  const flushMs = readOption(`--flush ${text}`, () => parseDuration(text));
  if (flushMs >= 1) return flushMs;
  throw new SwarmError('flush-invalid', `--flush ${text}: shorter than a timer can tell`, {
    hint: 'Write 1ms or more.',
  });
}
