/**
 * Packet definitions and their codecs, public as `tcp-swarm/packets`: `parsePdl` reads a definition file, a `Protocol` joins it with
 * a framing of `tcp-swarm/core` and makes encoders and decoders, a `PacketManager` hands what a side receives to its handlers.
 *
 *     const packets = parsePdl(readFileSync('server.pdl.xml', 'utf8'), 'server.pdl.xml');
 *     const protocol = new Protocol({ send: serverCoreFraming, receive: serverCoreFraming, packets });
 *     const manager = new PacketManager<ClientSession>(protocol, 'server');
 *     manager.handle('C_Chat', (session, packet) => session.say(packet.chat));
 */

export { bytesFrames } from './bytes.js';
export type { PacketDecoder, PacketEncoder } from './codec.js';
export { DecodeError, type DecodeErrorCode, EncodeError } from './codec-errors.js';
export { compileDecoder } from './decoder.js';
export type * from './definition.js';
export { compileEncoder } from './encoder.js';
export { isComparable, type WhereReader } from './format.js';
export { formatOf, namedPackets, packetNamed } from './formats.js';
export { type FrameMatcher, lineFrames } from './frame-matcher.js';
export { jsonFrames } from './json.js';
export { type DispatchResult, type PacketHandler, PacketManager } from './packet-manager.js';
export { compilePattern, type LineMatcher, literalLine } from './patterns.js';
export { type PdlOptions, parsePdl } from './pdl.js';
export { type ProtoOptions, readProto } from './proto.js';
export { Protocol, type ProtocolData, type Side } from './protocol.js';
export { fieldMisfit, misfit } from './scalars.js';
export { compileTextDecoder, compileTextEncoder, textPacket } from './text.js';
export { type EncodableValue, type FieldValues, toValues } from './values.js';
