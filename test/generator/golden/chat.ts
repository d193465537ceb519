// Made by swarm 0.0.0 from chat.pdl.xml. Do not edit it: change that file, and make this one again.
// On the wire a packet is [size u16][id u16][fields], little-endian; the size counts all of it.

import { ProtocolError } from 'tcp-swarm/core';

export const packetIds = {
  C_Chat: 1,
  S_Chat: 2,
} as const;

/** Packet 1, to the server. */
export interface C_Chat {
  readonly chat: string;
}

/** @throws RangeError for a value that its field cannot hold. */
export function encodeC_Chat(packet: C_Chat): Uint8Array {
  beginPacket(packetIds.C_Chat);
  writeString(packet.chat, 'C_Chat.chat');
  return endPacket();
}

/** Reads the packet from `packetStart` to `packetEnd`, header included. @throws ProtocolError for malformed bytes. */
export function decodeC_Chat(buffer: Uint8Array, packetStart = 0, packetEnd = buffer.length): C_Chat {
  openPacket(buffer, packetStart, packetEnd, 'C_Chat');
  const packet = {
    chat: readString('C_Chat.chat'),
  };
  closePacket('C_Chat');
  return packet;
}

/** Packet 2, to the client. */
export interface S_Chat {
  readonly playerId: number;
  readonly chat: string;
}

/** @throws RangeError for a value that its field cannot hold. */
export function encodeS_Chat(packet: S_Chat): Uint8Array {
  beginPacket(packetIds.S_Chat);
  writeInt(packet.playerId, 'S_Chat.playerId');
  writeString(packet.chat, 'S_Chat.chat');
  return endPacket();
}

/** Reads the packet from `packetStart` to `packetEnd`, header included. @throws ProtocolError for malformed bytes. */
export function decodeS_Chat(buffer: Uint8Array, packetStart = 0, packetEnd = buffer.length): S_Chat {
  openPacket(buffer, packetStart, packetEnd, 'S_Chat');
  const packet = {
    playerId: readInt('S_Chat.playerId'),
    chat: readString('S_Chat.chat'),
  };
  closePacket('S_Chat');
  return packet;
}

/** What a server does with each packet that it receives; `S` is its session. */
export interface ServerPacketHandler<S> {
  C_ChatHandler(session: S, packet: C_Chat): void;
}

/** Hands each packet that a server receives to its handler; one manager serves all sessions. */
export class ServerPacketManager<S> {
  readonly #handler: ServerPacketHandler<S>;

  constructor(handler: ServerPacketHandler<S>) {
    this.#handler = handler;
  }

  /**
   * To be called from `PacketSession.onFrame`. False: no packet with this id comes to a server.
   * @throws ProtocolError for malformed bytes: let it pass, and it ends the session.
   */
  onRecvPacket(session: S, buffer: Uint8Array, start: number, end: number, id: number): boolean {
    switch (id) {
      case packetIds.C_Chat:
        this.#handler.C_ChatHandler(session, decodeC_Chat(buffer, start, end));
        return true;
      default:
        return false;
    }
  }
}

/** What a client does with each packet that it receives; `S` is its session. */
export interface ClientPacketHandler<S> {
  S_ChatHandler(session: S, packet: S_Chat): void;
}

/** Hands each packet that a client receives to its handler; one manager serves all sessions. */
export class ClientPacketManager<S> {
  readonly #handler: ClientPacketHandler<S>;

  constructor(handler: ClientPacketHandler<S>) {
    this.#handler = handler;
  }

  /**
   * To be called from `PacketSession.onFrame`. False: no packet with this id comes to a client.
   * @throws ProtocolError for malformed bytes: let it pass, and it ends the session.
   */
  onRecvPacket(session: S, buffer: Uint8Array, start: number, end: number, id: number): boolean {
    switch (id) {
      case packetIds.S_Chat:
        this.#handler.S_ChatHandler(session, decodeS_Chat(buffer, start, end));
        return true;
      default:
        return false;
    }
  }
}

/** The packet that is being written. One is enough: no encoder waits half-way. */
const packetBytes = new Uint8Array(65535);
const written = new DataView(packetBytes.buffer);
let size = 0;

function beginPacket(id: number): void {
  size = 4;
  written.setUint16(2, id, true);
}

/** A copy, which stays as it is while it waits to be sent. */
function endPacket(): Uint8Array {
  written.setUint16(0, size, true);
  return packetBytes.slice(0, size);
}

function reserve(sizeBytes: number, field: string): number {
  const at = size;
  size += sizeBytes;
  if (size > packetBytes.length) throw new RangeError(`${field}: the packet would exceed ${packetBytes.length} bytes`);
  return at;
}

function checkWhole(value: number, min: number, max: number, field: string): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new RangeError(`${field}: ${value} is not a whole number from ${min} to ${max}`);
}

function writeUshort(value: number, field: string): void {
  checkWhole(value, 0, 65535, field);
  written.setUint16(reserve(2, field), value, true);
}

function writeInt(value: number, field: string): void {
  checkWhole(value, -2147483648, 2147483647, field);
  written.setInt32(reserve(4, field), value, true);
}

/** The length in bytes, then UTF-16. */
function writeString(value: string, field: string): void {
  writeUshort(2 * value.length, field);
  const start = reserve(2 * value.length, field);
  for (let i = 0; i < value.length; i++) written.setUint16(start + 2 * i, value.charCodeAt(i), true);
}

/** The packet that is being read: `position` and `end` count from the beginning of the memory under its buffer. */
let received: DataView = new DataView(new ArrayBuffer(0));
let position = 0;
let end = 0;

function openPacket(buffer: Uint8Array, packetStart: number, packetEnd: number, name: string): void {
  if (received.buffer !== buffer.buffer) received = new DataView(buffer.buffer);
  position = buffer.byteOffset + packetStart;
  end = buffer.byteOffset + packetEnd;
  take(4, name);
}

function closePacket(name: string): void {
  if (position === end) return;
  throw new ProtocolError('trailing-bytes', `${name}: ${end - position} bytes are left over after the last field`);
}

function take(sizeBytes: number, field: string): number {
  const at = position;
  if (end - at < sizeBytes) {
    throw new ProtocolError('truncated', `${field}: ${sizeBytes} bytes are needed, and ${end - at} are left`);
  }
  position = at + sizeBytes;
  return at;
}

function readUshort(field: string): number {
  return received.getUint16(take(2, field), true);
}

function readInt(field: string): number {
  return received.getInt32(take(4, field), true);
}

function readString(field: string): string {
  const sizeBytes = readUshort(field);
  if (sizeBytes % 2 !== 0) throw new ProtocolError('bad-text', `${field}: ${sizeBytes} bytes are no UTF-16`);
  const start = take(sizeBytes, field);
  let text = '';
  for (let at = start; at < start + sizeBytes; at += 2) text += String.fromCharCode(received.getUint16(at, true));
  return text;
}
