import { describe, expect, it } from 'vitest';
import { serverCoreFraming } from '../../src/core/index.js';
import { DecodeError, type FieldRecord, PacketManager, Protocol, parsePdl } from '../../src/packets/index.js';
import { bytes } from './bytes.js';

const packets = parsePdl(
  `<PDL>
    <packet name="C_Move"><int name="x"/><int name="y"/></packet>
    <packet name="C_Leave"></packet>
    <packet name="S_Move"><int name="x"/></packet>
  </PDL>`,
  'test.xml',
);
const protocol = new Protocol({ send: serverCoreFraming, receive: serverCoreFraming, packets });

type Handled = [session: string, packet: FieldRecord];

function dispatchAll(manager: PacketManager<string>, frame: string, id: number) {
  const data = bytes(frame);
  return manager.dispatch('session', data, 0, data.length, id);
}

describe('a packet manager', () => {
  it('hands a packet, decoded, and its session to the handler', () => {
    const handled: Handled[] = [];
    const manager = new PacketManager<string>(protocol, 'server');
    manager.handle('C_Move', (...call) => handled.push(call));
    expect(dispatchAll(manager, '0c00 0100 01000000 02000000', 1)).toBe('handled');
    expect(handled).toEqual([['session', { x: 1, y: 2 }]]);
  });

  it('decodes only the fields that the handler reads', () => {
    const handled: Handled[] = [];
    const manager = new PacketManager<string>(protocol, 'server');
    manager.handle('C_Move', (...call) => handled.push(call), ['y']);
    dispatchAll(manager, '0c00 0100 01000000 02000000', 1);
    expect(handled).toEqual([['session', { y: 2 }]]);
  });

  it('tells packets that nobody handles from those that nobody knows, without decoding them', () => {
    const manager = new PacketManager<string>(protocol, 'server');
    expect(dispatchAll(manager, '0500 0200 ff', 2)).toBe('unhandled');
    for (const id of [-1, 0, 3, 65535]) expect(dispatchAll(manager, '0400 0000', id)).toBe('unknown');
  });

  it('returns a malformed body as a DecodeError, and calls nobody', () => {
    const handled: Handled[] = [];
    const manager = new PacketManager<string>(protocol, 'server');
    manager.handle('C_Move', (...call) => handled.push(call));
    const result = dispatchAll(manager, '0a00 0100 01000000 0200', 1);
    expect(result).toBeInstanceOf(DecodeError);
    expect(result).toMatchObject({ code: 'truncated', field: 'y' });
    expect(handled).toEqual([]);
  });

  it('lets pass what a handler throws, a DecodeError too', () => {
    const manager = new PacketManager<string>(protocol, 'server');
    manager.handle('C_Leave', () => {
      throw new DecodeError('truncated', 'inner', 'of something else');
    });
    expect(() => dispatchAll(manager, '0400 0200', 2)).toThrow('inner: of something else');
  });

  it('takes one handler for each packet that its side receives', () => {
    const manager = new PacketManager<string>(protocol, 'client');
    manager.handle('S_Move', () => {});
    expect(() => manager.handle('S_Move', () => {})).toThrow('Packet S_Move has a handler already.');
    expect(() => manager.handle('C_Move', () => {})).toThrow('No packet C_Move travels to the client.');
  });

  it('handles the lines of a text protocol', () => {
    const framing = { kind: 'delimiter', delimiters: [[10]], maxPacketSize: 100 } as const;
    const text = new Protocol({ send: framing, receive: framing, packets: { format: 'text' } });
    const manager = new PacketManager<string>(text, 'client');
    const handled: Handled[] = [];
    manager.handle('text', (...call) => handled.push(call));
    expect(dispatchAll(manager, '2b504f4e47', -1)).toBe('handled');
    expect(handled).toEqual([['session', { line: '+PONG' }]]);
  });
});
