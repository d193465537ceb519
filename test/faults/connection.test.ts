import { describe, expect, it } from 'vitest';
import type { FaultPlan } from '../../src/scenario/plan.js';
import { always, frame, Rig } from './rig.js';

const bytes = (text: string) => text.replaceAll(' ', '');
const whole = bytes(frame);
const all = { of: 'packets', share: 1 } as const;
const everyone = { of: 'connections', share: 1 } as const;
const two = { min: 2, max: 2 };

describe('faults of packets', () => {
  it('fragment: so many bytes at a time, with a pause between two', () => {
    const rig = new Rig([
      always({ fault: 'fragment', ...all, bytes: { min: 3, max: 3 }, pauseMs: { min: 10, max: 10 } }),
    ]);
    rig.write(frame);
    expect(rig.received).toEqual(['080001']);
    expect(rig.drained).toBe(0);
    rig.clock.advance(10.1);
    expect(rig.received).toEqual(['080001', '000a0b']);
    rig.clock.advance(10.1);
    expect(rig.received).toEqual(['080001', '000a0b', '0c0d']);
    expect(rig.written).toBe(8);
    expect(rig.drained).toBe(1);
    expect(rig.played('fragment')).toBe(1);
  });

  it('resetMidPacket: a part of a packet, whole ones before it, and a reset', () => {
    const third: FaultPlan = always({ fault: 'resetMidPacket', of: 'packets', share: 0.3 });
    const rig = new Rig([third], { seed: 3 });
    for (let i = 0; i < 50; i++) rig.write(frame);
    rig.clock.advance(11);
    const sent = rig.received.join('');
    expect(sent.length % whole.length).toBeGreaterThan(0);
    expect(whole.repeat(50).startsWith(sent)).toBe(true);
    expect(rig.failed).toBe('resetMidPacket');
    expect(rig.ended).toBe('ECONNRESET');
    expect(rig.played('resetMidPacket')).toBe(1);
  });

  it('leave what they do not touch, and what comes before all packets, as it is', () => {
    const rig = new Rig([always({ fault: 'wrongSize', ...all, sizes: [0] })], { preamble: [0xca, 0xfe] });
    rig.write('cafe', frame);
    rig.write(frame, frame);
    expect(rig.received.join('')).toBe(`cafe${'000001000a0b0c0d'.repeat(3)}`);
    expect(rig.drained).toBe(2);
  });

  it('change a packet once: the first that is due does, and how it is sent is another matter', () => {
    const rig = new Rig([
      always({ fault: 'wrongSize', ...all, sizes: [1] }),
      always({ fault: 'mutate', ...all, bytes: two }),
      always({ fault: 'fragment', ...all, bytes: { min: 4, max: 4 }, pauseMs: { min: 1, max: 1 } }),
    ]);
    rig.write(frame);
    rig.clock.advance(5);
    expect(rig.received).toEqual(['01000100', '0a0b0c0d']);
    expect([rig.played('wrongSize'), rig.played('mutate'), rig.played('fragment')]).toEqual([1, 0, 1]);
  });

  it('are played from and until the times that they have', () => {
    const rig = new Rig([{ fault: 'wrongSize', ...all, sizes: [0], fromMs: 100, untilMs: 200 }]);
    rig.write(frame);
    rig.clock.advance(100);
    rig.write(frame);
    rig.clock.advance(100);
    rig.write(frame);
    expect(rig.received).toEqual([whole, '000001000a0b0c0d', whole]);
  });

  it('take their share of the packets', () => {
    const rig = new Rig([always({ fault: 'wrongSize', of: 'packets', share: 0.3, sizes: [0] })]);
    for (let i = 0; i < 2000; i++) rig.write(frame);
    // Five standard deviations either way.
    expect(Math.abs(rig.played('wrongSize') - 600)).toBeLessThan(103);
  });

  it('come as often as their rate says, at random times, where there are packets enough', () => {
    const rig = new Rig([always({ fault: 'wrongSize', of: 'packets', ratePerSec: 5, sizes: [0] })]);
    for (let i = 0; i < 20_000; i++) {
      rig.write(frame);
      rig.clock.advance(9.95);
    }
    // 200 seconds at five a second.
    expect(Math.abs(rig.played('wrongSize') - 1000)).toBeLessThan(5 * Math.sqrt(1000));
  });

  it('send the same bytes for the same seed, and others for another', () => {
    const sent = (seed: number) => {
      const rig = new Rig(
        [
          always({ fault: 'mutate', of: 'packets', share: 0.5, bytes: { min: 1, max: 4 } }),
          always({ fault: 'randomBytes', of: 'packets', share: 0.2, bytes: { min: 1, max: 20 } }),
          always({ fault: 'fragment', of: 'packets', share: 0.3, bytes: two, pauseMs: { min: 0.1, max: 2 } }),
        ],
        { seed },
      );
      for (let i = 0; i < 40; i++) {
        rig.write(frame);
        rig.clock.advance(100);
      }
      return rig.received;
    };
    expect(sent(7)).toEqual(sent(7));
    expect(sent(7)).not.toEqual(sent(8));
  });
});

describe('faults of connections', () => {
  it('glue: pieces of odd sizes wherever packets begin and end; the rest waits no longer than it may', () => {
    const rig = new Rig([always({ fault: 'glue', ...everyone, bytes: { min: 11, max: 11 }, waitMs: 200 })]);
    rig.write(frame);
    expect(rig.received).toEqual([]);
    expect(rig.drained).toBe(1);
    rig.write(frame);
    expect(rig.received).toEqual([`${whole}080001`]);
    rig.clock.advance(201);
    expect(rig.received).toEqual([`${whole}080001`, '000a0b0c0d']);
  });

  it('glue: nothing is lost where the client leaves', () => {
    const rig = new Rig([always({ fault: 'glue', ...everyone, bytes: { min: 100, max: 100 }, waitMs: 200 })]);
    rig.write(frame);
    rig.connection.end();
    rig.clock.advance(1);
    expect(rig.received).toEqual([whole]);
    expect(rig.ended).toBe('end');
  });

  it('readSlowly: so many bytes a second, on average', () => {
    const rig = new Rig([always({ fault: 'readSlowly', ...everyone, bytesPerSec: 100 })]);
    rig.peer.write([Buffer.alloc(10, 1)]);
    rig.clock.advance(1);
    rig.peer.write([Buffer.alloc(10, 2)]);
    rig.clock.advance(98);
    expect(rig.heard).toEqual(['01'.repeat(10)]);
    rig.clock.advance(3);
    expect(rig.heard).toEqual(['01'.repeat(10), '02'.repeat(10)]);
  });

  it('stopReading: hears nothing more until its time is over, and goes on sending', () => {
    const rig = new Rig([{ fault: 'stopReading', ...everyone, afterMs: 100, fromMs: 0, untilMs: 500 }]);
    rig.clock.advance(101);
    rig.peer.write([Buffer.from('aa', 'hex')]);
    rig.write(frame);
    rig.clock.advance(300);
    expect(rig.heard).toEqual([]);
    expect(rig.received).toEqual([whole]);
    rig.clock.advance(100);
    expect(rig.heard).toEqual(['aa']);
  });

  it('silence: sends nothing more once the start list is done, and goes on reading', () => {
    const rig = new Rig([always({ fault: 'silence', ...everyone, afterMs: 'start' })]);
    rig.write(frame);
    rig.connection.onStartDone();
    rig.write(frame);
    rig.peer.write([Buffer.from('aa', 'hex')]);
    rig.clock.advance(1);
    expect(rig.received).toEqual([whole]);
    expect(rig.heard).toEqual(['aa']);
    expect(rig.drained).toBe(2);
    expect(rig.played('silence')).toBe(1);
  });

  it('halfOpen: neither sends nor reads, and does not close', () => {
    const rig = new Rig([always({ fault: 'halfOpen', ...everyone, afterMs: 0 })]);
    rig.write(frame);
    rig.peer.write([Buffer.from('aa', 'hex')]);
    rig.clock.advance(1000);
    expect([rig.received, rig.heard, rig.ended]).toEqual([[], [], 'no']);
  });

  it.each([
    ['halfOpen', { fault: 'halfOpen', ...everyone, afterMs: 0 }],
    ['stopReading', { fault: 'stopReading', ...everyone, afterMs: 0 }],
    ['readSlowly', { fault: 'readSlowly', ...everyone, bytesPerSec: 1 }],
  ] as const)(
    '%s: what is unread when the client leaves is thrown away, so that the connection can close',
    (_, fault) => {
      const rig = new Rig([always(fault)]);
      rig.peer.write([Buffer.from('aa', 'hex')]);
      rig.clock.advance(0.1);
      const heard = [...rig.heard];
      rig.peer.write([Buffer.from('bb', 'hex')]);
      rig.connection.end();
      rig.peer.end();
      rig.clock.advance(1);
      expect([rig.heard, rig.ended]).toEqual([heard, 'end']);
      expect(heard).toEqual(fault.fault === 'readSlowly' ? ['aa'] : []);
    },
  );

  it('halfClose: ends its side, and goes on reading', () => {
    const rig = new Rig([always({ fault: 'halfClose', ...everyone, afterMs: 50 })]);
    rig.write(frame);
    rig.clock.advance(51);
    rig.peer.write([Buffer.from('aa', 'hex')]);
    rig.write(frame);
    expect([rig.received, rig.heard, rig.ended]).toEqual([[whole], ['aa'], 'end']);
  });

  it('leaveAtOnce: is gone before it has sent anything', () => {
    const rig = new Rig([always({ fault: 'leaveAtOnce', ...everyone, afterMs: { min: 0, max: 0 } })]);
    rig.clock.advance(1);
    expect([rig.failed, rig.ended, rig.received]).toEqual(['leaveAtOnce', 'end', []]);
  });

  it('begin when their time has come, on connections that stood before', () => {
    const rig = new Rig([
      { fault: 'leaveAtOnce', ...everyone, afterMs: { min: 0, max: 0 }, fromMs: 1000, untilMs: 2000 },
    ]);
    rig.clock.advance(999);
    expect(rig.failed).toBe(undefined);
    rig.clock.advance(2);
    expect(rig.failed).toBe('leaveAtOnce');
    rig.clock.advance(1000);
    rig.reconnect();
    rig.clock.advance(1000);
    expect(rig.failed).toBe(undefined);
  });

  it.each([
    { fault: 'halfOpen', other: 'stopReading' },
    { fault: 'stopReading', other: 'halfOpen' },
    { fault: 'stopReading', other: 'stopReading' },
  ] as const)('keep it deaf as long as one of them is on: $fault, past $other', ({ fault, other }) => {
    const rig = new Rig([
      { fault, ...everyone, afterMs: 0, fromMs: 0, untilMs: 500 },
      { fault: other, ...everyone, afterMs: 0, fromMs: 100, untilMs: 200 },
    ]);
    rig.peer.write([Buffer.from('aa', 'hex')]);
    rig.clock.advance(499);
    expect(rig.heard).toEqual([]);
    rig.clock.advance(2);
    expect(rig.heard).toEqual(['aa']);
  });

  it.each([
    { fault: 'halfOpen', other: 'silence' },
    { fault: 'silence', other: 'halfOpen' },
    { fault: 'silence', other: 'silence' },
  ] as const)('keep it silent as long as one of them is on: $fault, past $other', ({ fault, other }) => {
    const rig = new Rig([
      { fault, ...everyone, afterMs: 0, fromMs: 0, untilMs: 500 },
      { fault: other, ...everyone, afterMs: 0, fromMs: 100, untilMs: 200 },
    ]);
    rig.clock.advance(499);
    rig.write(frame);
    expect(rig.received).toEqual([]);
    rig.clock.advance(1);
    rig.write(frame);
    expect(rig.received).toEqual([whole]);
    expect(rig.drained).toBe(2);
  });

  it('readSlowly: at the lowest rate of those that are on', () => {
    const rig = new Rig([
      { fault: 'readSlowly', ...everyone, bytesPerSec: 1000, fromMs: 0, untilMs: 10_000 },
      { fault: 'readSlowly', ...everyone, bytesPerSec: 10, fromMs: 100, untilMs: 5100 },
    ]);
    for (let i = 0; i < 2000; i++) rig.peer.write([Buffer.alloc(10, 1)]);
    rig.clock.advance(99);
    const before = rig.heard.length;
    expect(before).toBe(10);
    // Five seconds at one a second, and as many at a hundred.
    rig.clock.advance(5000);
    expect(Math.abs(rig.heard.length - before - 5)).toBeLessThanOrEqual(1);
    rig.clock.advance(4900);
    expect(Math.abs(rig.heard.length - before - 5 - 490)).toBeLessThanOrEqual(2);
    rig.clock.advance(100);
    expect(rig.heard.length).toBe(2000);
  });

  it('halfClose: ends its side once', () => {
    const rig = new Rig([
      always({ fault: 'halfClose', ...everyone, afterMs: 50 }),
      always({ fault: 'halfClose', ...everyone, afterMs: 100 }),
    ]);
    rig.clock.advance(101);
    rig.peer.write([Buffer.from('aa', 'hex')]);
    rig.clock.advance(1);
    expect([rig.heard, rig.ended, rig.failed]).toEqual([['aa'], 'end', undefined]);
  });

  it('resetMidPacket: comes also where the client leaves meanwhile', () => {
    const rig = new Rig([always({ fault: 'resetMidPacket', ...all })]);
    rig.write(frame);
    rig.connection.end();
    rig.clock.advance(11);
    expect([rig.failed, rig.ended]).toEqual(['resetMidPacket', 'ECONNRESET']);
  });

  it('take their share of the connections', () => {
    const rig = new Rig([always({ fault: 'silence', of: 'connections', share: 0.4, afterMs: 0 })]);
    for (let i = 1; i < 1000; i++) rig.reconnect();
    expect(Math.abs(rig.played('silence') - 400)).toBeLessThan(78);
  });
});
