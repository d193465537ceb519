import { describe, expect, it } from 'vitest';
import { type LengthFraming, serverCoreFraming } from '../../src/core/index.js';
import { Protocol, parsePdl, textPacket } from '../../src/packets/index.js';
import { bytes, hex } from './bytes.js';

const packets = parsePdl(
  `<PDL>
    <packet name="C_Chat"><string name="chat"/></packet>
    <packet name="S_Chat"><int name="playerId"/><string name="chat"/></packet>
    <packet name="Echo"><byte name="n"/></packet>
  </PDL>`,
  'test.xml',
  { ids: { S_Chat: 1 } },
);
const bigEndian: LengthFraming = { ...serverCoreFraming, endian: 'big' };
const protocol = new Protocol({ send: serverCoreFraming, receive: bigEndian, packets });

function written(...args: Parameters<Protocol['encoder']>): string {
  const encoder = protocol.encoder(...args);
  const frame = new Uint8Array(encoder.frameSize([7]));
  encoder.write([7], frame, 0);
  return hex(frame);
}

describe('a protocol', () => {
  it('knows which packets travel to which side', () => {
    expect(protocol.packetsTo('server').map((packet) => packet.name)).toEqual(['C_Chat', 'Echo']);
    expect(protocol.packetsTo('client').map((packet) => packet.name)).toEqual(['S_Chat', 'Echo']);
  });

  it('names a packet by its id and the side that receives it', () => {
    expect(protocol.nameOf(1, 'server')).toBe('C_Chat');
    expect(protocol.nameOf(1, 'client')).toBe('S_Chat');
    expect([protocol.nameOf(3, 'server'), protocol.nameOf(3, 'client')]).toEqual(['Echo', 'Echo']);
    for (const id of [-1, 0, 2, 4, 65535]) expect(protocol.nameOf(id, 'client')).toBeUndefined();
  });

  it('frames what clients send as `send` says, and what servers send as `receive` says', () => {
    expect(written('Echo', 'client')).toBe('0500030007');
    expect(written('Echo', 'server')).toBe('0005000307');
  });

  it('decodes what the other side encoded', () => {
    const record = { n: 7 };
    expect(protocol.decoder('Echo', 'all', 'server').decode(bytes('0500030007'), 0, 5)).toEqual(record);
    expect(protocol.decoder('Echo', 'all', 'client').decode(bytes('0005000307'), 0, 5)).toEqual(record);
  });

  it('compiles an encoder once', () => {
    expect(protocol.encoder('C_Chat', 'client')).toBe(protocol.encoder('C_Chat', 'client'));
  });

  it('refuses a packet that does not travel that way, and names the nearest', () => {
    expect(() => protocol.encoder('S_Chat', 'client')).toThrow('No packet S_Chat travels to the server.');
    expect(() => protocol.decoder('S_Caht', 'all', 'client')).toThrow(
      expect.objectContaining({ code: 'unknown-packet', hint: 'Did you mean `S_Chat`?' }),
    );
    expect(() => protocol.encoder('Nothing', 'client')).toThrow(expect.objectContaining({ hint: undefined }));
  });
});

describe('a text protocol', () => {
  const framing = { kind: 'delimiter', delimiters: [[10]], maxPacketSize: 100 } as const;
  const text = new Protocol({ send: framing, receive: framing, packets: { format: 'text' } });

  it('has the one packet "text", both ways, with the id of frames that have none', () => {
    expect(text.sole).toBe(textPacket);
    expect([text.packetsTo('client'), text.packetsTo('server')]).toEqual([[textPacket], [textPacket]]);
    expect([text.nameOf(-1, 'client'), text.nameOf(0, 'client')]).toEqual(['text', undefined]);
  });

  it('writes and reads lines', () => {
    const frame = new Uint8Array(5);
    expect(text.encoder('text', 'client').write(['PING'], frame, 0)).toBe(5);
    expect(hex(frame)).toBe('50494e470a');
    expect(text.decoder('text', [], 'server').decode(frame, 0, 4)).toEqual({ line: 'PING' });
  });
});
