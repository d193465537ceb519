import { serverCoreFraming } from '../core/index.js';
import { SwarmError } from '../errors.js';
import { parseDuration, parseRate, parseSize } from '../scenario/quantities.js';
import type { ServerLimits } from '../server/limits.js';
import { readOption } from './read-option.js';

/** The options of `swarm serve` that say what it bears; each may be `none`. */
export interface ServeLimitOptions {
  readonly maxConnections: string;
  /** A size, as those of the next. */
  readonly maxPacket: string;
  readonly maxQueued: string;
  /** A duration, as that of the next. */
  readonly idleTimeout: string;
  readonly handshakeTimeout: string;
  readonly maxPacketRate: string;
}

/** @throws SwarmError for what is no limit; it names the option. */
export function parseLimits(options: ServeLimitOptions): ServerLimits {
  return {
    maxConnections: limit('--max-connections', options.maxConnections, parseCount),
    maxPacketBytes: limit('--max-packet', options.maxPacket, parsePacketSize),
    maxQueuedBytes: limit('--max-queued', options.maxQueued, parseQueuedSize),
    idleTimeoutMs: limit('--idle-timeout', options.idleTimeout, parseTimeout),
    handshakeTimeoutMs: limit('--handshake-timeout', options.handshakeTimeout, parseTimeout),
    maxPacketsPerSec: limit('--max-packet-rate', options.maxPacketRate, parseRate),
  };
}

function limit(option: string, text: string, parse: (text: string) => number): number {
  return text === 'none' ? Number.POSITIVE_INFINITY : readOption(`${option} ${text}`, () => parse(text));
}

function parseCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw invalid('not a number of connections', 'Write a whole number from 1 on, or none.');
}

function parsePacketSize(text: string): number {
  const bytes = parseSize(text);
  const { headerSize, maxPacketSize } = serverCoreFraming;
  if (bytes >= headerSize && bytes <= maxPacketSize) return bytes;
  throw invalid('no packet has this size', `Write ${headerSize} to ${maxPacketSize} bytes, header included, or none.`);
}

function parseQueuedSize(text: string): number {
  const bytes = parseSize(text);
  if (bytes > 0) return bytes;
  throw invalid('nothing could be sent to anybody', 'Write a size from 1 on, or none.');
}

function parseTimeout(text: string): number {
  const timeoutMs = parseDuration(text);
  if (timeoutMs >= 1) return timeoutMs;
  throw invalid('too short to keep to', 'Write 1ms or more, or none.');
}

function invalid(message: string, hint: string): SwarmError {
  return new SwarmError('limit-invalid', message, { hint });
}
