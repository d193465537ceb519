// Made by swarm 0.0.0 from pdl.xml. Do not edit it: change that file, and make this one again.
// On the wire a packet is [size u16][id u16][fields], little-endian; the size counts all of it.

import { ProtocolError } from 'tcp-swarm/core';

export const packetIds = {
  C_Empty: 1,
  S_Small: 2,
  S_All: 3,
  Neutral: 4,
} as const;

/** Packet 1, to the server. */
export type C_Empty = Readonly<Record<string, never>>;

export function encodeC_Empty(): Uint8Array {
  beginPacket(packetIds.C_Empty);
  return endPacket();
}

/** Reads the packet from `packetStart` to `packetEnd`, header included. @throws ProtocolError for malformed bytes. */
export function decodeC_Empty(buffer: Uint8Array, packetStart = 0, packetEnd = buffer.length): C_Empty {
  openPacket(buffer, packetStart, packetEnd, 'C_Empty');
  closePacket('C_Empty');
  return {};
}

/** Packet 2, to the client. */
export interface S_Small {
  readonly a: number;
}

/** @throws RangeError for a value that its field cannot hold. */
export function encodeS_Small(packet: S_Small): Uint8Array {
  beginPacket(packetIds.S_Small);
  writeInt(packet.a, 'S_Small.a');
  return endPacket();
}

/** Reads the packet from `packetStart` to `packetEnd`, header included. @throws ProtocolError for malformed bytes. */
export function decodeS_Small(buffer: Uint8Array, packetStart = 0, packetEnd = buffer.length): S_Small {
  openPacket(buffer, packetStart, packetEnd, 'S_Small');
  const packet = {
    a: readInt('S_Small.a'),
  };
  closePacket('S_Small');
  return packet;
}

export interface S_All_Skill_Attribute {
  readonly att: number;
}

export interface S_All_Skill {
  readonly id: number;
  readonly nm: string;
  readonly lv: number;
  readonly attributes: readonly S_All_Skill_Attribute[];
}

/** Packet 3, to the client. */
export interface S_All {
  readonly b: number;
  readonly sb: number;
  readonly bo: boolean;
  readonly s: number;
  readonly us: number;
  readonly i: number;
  readonly l: bigint;
  readonly f: number;
  readonly d: number;
  readonly str: string;
  readonly skills: readonly S_All_Skill[];
  readonly tail: number;
}

/** @throws RangeError for a value that its field cannot hold. */
export function encodeS_All(packet: S_All): Uint8Array {
  beginPacket(packetIds.S_All);
  writeByte(packet.b, 'S_All.b');
  writeSbyte(packet.sb, 'S_All.sb');
  writeBool(packet.bo, 'S_All.bo');
  writeShort(packet.s, 'S_All.s');
  writeUshort(packet.us, 'S_All.us');
  writeInt(packet.i, 'S_All.i');
  writeLong(packet.l, 'S_All.l');
  writeFloat(packet.f, 'S_All.f');
  writeDouble(packet.d, 'S_All.d');
  writeString(packet.str, 'S_All.str');
  writeList(packet.skills, writeS_All_Skill, 'S_All.skills');
  writeInt(packet.tail, 'S_All.tail');
  return endPacket();
}

/** Reads the packet from `packetStart` to `packetEnd`, header included. @throws ProtocolError for malformed bytes. */
export function decodeS_All(buffer: Uint8Array, packetStart = 0, packetEnd = buffer.length): S_All {
  openPacket(buffer, packetStart, packetEnd, 'S_All');
  const packet = {
    b: readByte('S_All.b'),
    sb: readSbyte('S_All.sb'),
    bo: readBool('S_All.bo'),
    s: readShort('S_All.s'),
    us: readUshort('S_All.us'),
    i: readInt('S_All.i'),
    l: readLong('S_All.l'),
    f: readFloat('S_All.f'),
    d: readDouble('S_All.d'),
    str: readString('S_All.str'),
    skills: readList(readS_All_Skill, 9, 'S_All.skills'),
    tail: readInt('S_All.tail'),
  };
  closePacket('S_All');
  return packet;
}

/** Packet 4, to the server. */
export interface Neutral {
  readonly x: number;
}

/** @throws RangeError for a value that its field cannot hold. */
export function encodeNeutral(packet: Neutral): Uint8Array {
  beginPacket(packetIds.Neutral);
  writeInt(packet.x, 'Neutral.x');
  return endPacket();
}

/** Reads the packet from `packetStart` to `packetEnd`, header included. @throws ProtocolError for malformed bytes. */
export function decodeNeutral(buffer: Uint8Array, packetStart = 0, packetEnd = buffer.length): Neutral {
  openPacket(buffer, packetStart, packetEnd, 'Neutral');
  const packet = {
    x: readInt('Neutral.x'),
  };
  closePacket('Neutral');
  return packet;
}

/** What a server does with each packet that it receives; `S` is its session. */
export interface ServerPacketHandler<S> {
  C_EmptyHandler(session: S, packet: C_Empty): void;
  NeutralHandler(session: S, packet: Neutral): void;
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
      case packetIds.C_Empty:
        this.#handler.C_EmptyHandler(session, decodeC_Empty(buffer, start, end));
        return true;
      case packetIds.Neutral:
        this.#handler.NeutralHandler(session, decodeNeutral(buffer, start, end));
        return true;
      default:
        return false;
    }
  }
}

/** What a client does with each packet that it receives; `S` is its session. */
export interface ClientPacketHandler<S> {
  S_SmallHandler(session: S, packet: S_Small): void;
  S_AllHandler(session: S, packet: S_All): void;
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
      case packetIds.S_Small:
        this.#handler.S_SmallHandler(session, decodeS_Small(buffer, start, end));
        return true;
      case packetIds.S_All:
        this.#handler.S_AllHandler(session, decodeS_All(buffer, start, end));
        return true;
      default:
        return false;
    }
  }
}

function writeS_All_Skill(element: S_All_Skill): void {
  writeInt(element.id, 'S_All.skills[].id');
  writeString(element.nm, 'S_All.skills[].nm');
  writeByte(element.lv, 'S_All.skills[].lv');
  writeList(element.attributes, writeS_All_Skill_Attribute, 'S_All.skills[].attributes');
}

function readS_All_Skill(): S_All_Skill {
  return {
    id: readInt('S_All.skills[].id'),
    nm: readString('S_All.skills[].nm'),
    lv: readByte('S_All.skills[].lv'),
    attributes: readList(readS_All_Skill_Attribute, 4, 'S_All.skills[].attributes'),
  };
}

function writeS_All_Skill_Attribute(element: S_All_Skill_Attribute): void {
  writeInt(element.att, 'S_All.skills[].attributes[].att');
}

function readS_All_Skill_Attribute(): S_All_Skill_Attribute {
  return {
    att: readInt('S_All.skills[].attributes[].att'),
  };
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

function writeByte(value: number, field: string): void {
  checkWhole(value, 0, 255, field);
  written.setUint8(reserve(1, field), value);
}

function writeSbyte(value: number, field: string): void {
  checkWhole(value, -128, 127, field);
  written.setInt8(reserve(1, field), value);
}

function writeBool(value: boolean, field: string): void {
  written.setUint8(reserve(1, field), value ? 1 : 0);
}

function writeShort(value: number, field: string): void {
  checkWhole(value, -32768, 32767, field);
  written.setInt16(reserve(2, field), value, true);
}

function writeUshort(value: number, field: string): void {
  checkWhole(value, 0, 65535, field);
  written.setUint16(reserve(2, field), value, true);
}

function writeInt(value: number, field: string): void {
  checkWhole(value, -2147483648, 2147483647, field);
  written.setInt32(reserve(4, field), value, true);
}

function writeFloat(value: number, field: string): void {
  if (Number.isFinite(value) && !Number.isFinite(Math.fround(value))) {
    throw new RangeError(`${field}: ${value} is too large for a float`);
  }
  written.setFloat32(reserve(4, field), value, true);
}

function writeLong(value: bigint, field: string): void {
  if (BigInt.asIntN(64, value) !== value) throw new RangeError(`${field}: ${value} does not fit 64 bits`);
  written.setBigInt64(reserve(8, field), value, true);
}

function writeDouble(value: number, field: string): void {
  written.setFloat64(reserve(8, field), value, true);
}

/** The length in bytes, then UTF-16. */
function writeString(value: string, field: string): void {
  writeUshort(2 * value.length, field);
  const start = reserve(2 * value.length, field);
  for (let i = 0; i < value.length; i++) written.setUint16(start + 2 * i, value.charCodeAt(i), true);
}

/** The number of elements, then the elements. */
function writeList<T>(list: readonly T[], writeElement: (element: T) => void, field: string): void {
  writeUshort(list.length, field);
  for (const element of list) writeElement(element);
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

function readByte(field: string): number {
  return received.getUint8(take(1, field));
}

function readSbyte(field: string): number {
  return received.getInt8(take(1, field));
}

function readBool(field: string): boolean {
  return received.getUint8(take(1, field)) !== 0;
}

function readShort(field: string): number {
  return received.getInt16(take(2, field), true);
}

function readUshort(field: string): number {
  return received.getUint16(take(2, field), true);
}

function readInt(field: string): number {
  return received.getInt32(take(4, field), true);
}

function readFloat(field: string): number {
  return received.getFloat32(take(4, field), true);
}

function readLong(field: string): bigint {
  return received.getBigInt64(take(8, field), true);
}

function readDouble(field: string): number {
  return received.getFloat64(take(8, field), true);
}

function readString(field: string): string {
  const sizeBytes = readUshort(field);
  if (sizeBytes % 2 !== 0) throw new ProtocolError('bad-text', `${field}: ${sizeBytes} bytes are no UTF-16`);
  const start = take(sizeBytes, field);
  let text = '';
  for (let at = start; at < start + sizeBytes; at += 2) text += String.fromCharCode(received.getUint16(at, true));
  return text;
}

/** `leastBytes`: what an element takes at least; a count that cannot be true is refused before anything is read for it. */
function readList<T>(readElement: () => T, leastBytes: number, field: string): T[] {
  const count = readUshort(field);
  if (count * leastBytes > end - position) {
    throw new ProtocolError('bad-count', `${field}: ${count} elements do not fit the ${end - position} bytes left`);
  }
  const list: T[] = [];
  for (let i = 0; i < count; i++) list.push(readElement());
  return list;
}
