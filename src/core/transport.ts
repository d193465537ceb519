import type { CoreError } from './errors.js';

/** Where a connection leads: a host and its port (0 for a transport without ports), or the path of a Unix socket. */
export type EndPoint =
  | { readonly host: string; readonly port: number; readonly path?: undefined }
  /** The path is empty where the socket has no name, as at the side that connected. */
  | { readonly path: string; readonly host?: undefined; readonly port?: undefined };

/** Stands where an end point cannot be known: before the start, or of a peer that left before it could be asked. */
export const unknownEndPoint: EndPoint = { host: '', port: 0 };

/** `127.0.0.1:7777`, `[::1]:7777` or `unix:/run/game.sock`. */
export function formatEndPoint({ host, port, path }: EndPoint): string {
  if (path !== undefined) return `unix:${path}`;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The family of an IP address. */
export function familyOf(address: string): 'IPv4' | 'IPv6' {
  return address.includes(':') ? 'IPv6' : 'IPv4';
}

/** What a transport reports to the session that owns it. Never called before `open`, never after `destroy`. */
export interface TransportHandler {
  /** Bytes `start` to `end` (exclusive) of `buffer` arrived. They are valid until the call returns: the buffer is used again. */
  onChunk(buffer: Uint8Array, start: number, end: number): void;
  /** The peer has finished sending. */
  onEnd(): void;
  /** The connection broke; nothing follows. */
  onError(error: CoreError): void;
  /** The write under way is complete: the next may be made. May come before `write` returns. */
  onDrained(): void;
}

/** All that a session knows of the network: TCP, TLS, an in-memory pair or a simulated network implement it. */
export interface Transport {
  readonly localEndPoint: EndPoint;
  readonly remoteEndPoint: EndPoint;
  /** Starts the flow of events to `handler`; called once. */
  open(handler: TransportHandler): void;
  /**
   * Hands over one gathered write. The bytes must not change until `onDrained`; the list itself is the caller's again once
   * the call returns. There is one write under way at most.
   */
  write(buffers: readonly Uint8Array[]): void;
  /** Stops the flow of chunks; allowed before `open`. */
  pause(): void;
  resume(): void;
  /** Finishes sending (FIN) after what was written. */
  end(): void;
  /** Closes at once, dropping what is unwritten; `reset` asks for an RST where there is such a thing. */
  destroy(reset?: boolean): void;
}
