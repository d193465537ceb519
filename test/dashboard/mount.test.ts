import { EventEmitter } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';

import type { Intent } from '../../src/dashboard/keys.js';
import { type Dashboard, mountDashboard } from '../../src/dashboard/mount.js';
import { ManualClock } from '../support/manual-clock.js';
import { manyPackets, sampleInput } from './sample-input.js';

class FakeOutput extends EventEmitter {
  columns = 80;
  rows = 24;
  written: string[] = [];
  /** What drawing takes. */
  onFrame = (): void => {};

  write(text: string): void {
    this.written.push(text);
    if (text.includes('swarm ▸')) this.onFrame();
  }

  get frames(): string[] {
    return this.written.filter((text) => text.includes('swarm ▸')).map(stripVTControlCharacters);
  }
}

class FakeInput extends EventEmitter {
  raw: boolean[] = [];
  paused = false;
  readonly isTTY: boolean;

  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }

  setRawMode(raw: boolean): void {
    this.raw.push(raw);
  }

  setEncoding(): void {}

  resume(): void {
    this.paused = false;
  }

  pause(): void {
    this.paused = true;
  }
}

describe('the dashboard', () => {
  let dashboard: Dashboard | undefined;

  afterEach(() => dashboard?.close());

  async function mounted({ isTTY = true } = {}) {
    const stdout = new FakeOutput();
    const stdin = new FakeInput(isTTY);
    const clock = new ManualClock();
    const intents: Intent[] = [];
    const failures: unknown[] = [];
    dashboard = await mountDashboard({
      stdout,
      stdin,
      clock,
      color: false,
      unicode: true,
      onIntent: (intent) => intents.push(intent),
      onFailure: (error) => failures.push(error),
    });
    return { stdout, stdin, clock, intents, failures, dashboard };
  }

  it('enters the alternate screen, and leaves it once however often it is closed', async () => {
    const { stdout, dashboard } = await mounted();
    expect(stdout.written[0]).toContain('\u001b[?1049h');
    dashboard.close();
    dashboard.close();
    expect(stdout.written.filter((text) => text.includes('\u001b[?1049l'))).toHaveLength(1);
    expect(stdout.written.at(-1)).toContain('\u001b[?25h');
  });

  it('takes keys one by one while it is open, and gives stdin back', async () => {
    const { stdin, dashboard } = await mounted();
    expect(stdin.raw).toEqual([true]);
    dashboard.close();
    expect(stdin.raw).toEqual([true, false]);
    expect(stdin.paused).toBe(true);
    expect(stdin.listenerCount('data')).toBe(0);
  });

  it('leaves a stdin alone that is no terminal', async () => {
    const { stdin, stdout, dashboard } = await mounted({ isTTY: false });
    dashboard.update(sampleInput());
    dashboard.close();
    expect(stdin.raw).toEqual([]);
    expect(stdin.listenerCount('data')).toBe(0);
    expect(stdout.frames[0]).toContain('Ctrl-C stop');
  });

  it('asks for a graceful stop at the first q or Ctrl-C, and for an abort at the second', async () => {
    const { stdin, intents } = await mounted();
    stdin.emit('data', '\u0003');
    stdin.emit('data', 'q');
    expect(intents).toEqual([{ kind: 'stop' }, { kind: 'abort' }]);
  });

  it('asks for an abort at once where the run is stopping already', async () => {
    const { stdin, intents, dashboard } = await mounted();
    dashboard.update(sampleInput({ status: 'stopping' }));
    stdin.emit('data', 'q');
    expect(intents).toEqual([{ kind: 'abort' }]);
  });

  it('never aborts by s, however often it is pressed', async () => {
    const { stdin, intents } = await mounted();
    stdin.emit('data', 'ss');
    expect(intents).toEqual([{ kind: 'stop' }, { kind: 'stop' }]);
  });

  it('asks to pause, for another rate, and for a tenth of the plan’s clients more or fewer', async () => {
    const { stdin, intents, dashboard } = await mounted();
    dashboard.update(sampleInput());
    stdin.emit('data', 'p+-cC');
    expect(intents).toEqual([
      { kind: 'pause' },
      { kind: 'rate', factor: 1.25 },
      { kind: 'rate', factor: 0.8 },
      { kind: 'clients', by: 100 },
      { kind: 'clients', by: -100 },
    ]);
  });

  it('asks for one client at least', async () => {
    const { stdin, intents, dashboard } = await mounted();
    dashboard.update(sampleInput({ stages: [{ durationMs: 1000, target: 3 }] }));
    stdin.emit('data', 'cC');
    expect(intents).toEqual([
      { kind: 'clients', by: 1 },
      { kind: 'clients', by: -1 },
    ]);
  });

  it('shows another page for a key, and scrolls and sorts what it has', async () => {
    const { stdout, stdin, clock, dashboard } = await mounted();
    dashboard.update(sampleInput({ totals: manyPackets() }));
    const frameAfter = (keys: string): string => {
      stdin.emit('data', keys);
      clock.advance(100);
      return stdout.frames.at(-1)!;
    };
    expect(frameAfter('2')).toMatch(/packet +sent\/s +recv\/s +bytes\/s▼/);
    expect(frameAfter('\u001b[D\u001b[D')).toMatch(/sent\/s▼.*\s+│ C_Move39/);
    expect(frameAfter('r')).toMatch(/sent\/s▲.*\s+│ S_World/);
    expect(frameAfter('\u001b[B')).toMatch(/sent\/s▲.*\s+│ C_Move00/);
    expect(frameAfter('\u001b[F')).toContain('C_Move39');
    expect(frameAfter('\t')).toContain('over the run');
  });

  it('draws at most ten frames a second, and always the latest facts', async () => {
    const { stdout, clock, dashboard } = await mounted();
    for (let i = 0; i < 5; i++) dashboard.update(sampleInput({ title: `update ${i}` }));
    expect(stdout.frames).toHaveLength(1);
    clock.advance(99);
    expect(stdout.frames).toHaveLength(1);
    clock.advance(1);
    expect(stdout.frames).toHaveLength(2);
    expect(stdout.frames[1]).toContain('update 4');
  });

  it('rests for nine times as long as a drawing took, but answers a key sooner', async () => {
    const { stdout, stdin, clock, dashboard } = await mounted();
    stdout.onFrame = () => clock.block(50);
    dashboard.update(sampleInput());
    dashboard.update(sampleInput());
    clock.advance(449);
    expect(stdout.frames).toHaveLength(1);
    clock.advance(1);
    expect(stdout.frames).toHaveLength(2);
    dashboard.update(sampleInput());
    stdin.emit('data', '2');
    clock.advance(50);
    expect(stdout.frames).toHaveLength(3);
    expect(stdout.frames[2]).toContain('[2 packets]');
  });

  it('draws nothing after it was closed', async () => {
    const { stdout, clock, dashboard } = await mounted();
    dashboard.update(sampleInput());
    dashboard.update(sampleInput());
    dashboard.close();
    clock.advance(1000);
    dashboard.update(sampleInput());
    expect(stdout.frames).toHaveLength(1);
  });

  it('shows the help and hides it', async () => {
    const { stdout, stdin, clock, dashboard } = await mounted();
    dashboard.update(sampleInput());
    clock.advance(100);
    stdin.emit('data', '?');
    expect(stdout.frames[1]).toContain('╭ help');
    clock.advance(100);
    stdin.emit('data', '?');
    expect(stdout.frames[2]).toContain('╭ clients');
  });

  it('draws anew for a new size, without an update', async () => {
    const { stdout, clock, dashboard } = await mounted();
    dashboard.update(sampleInput());
    clock.advance(100);
    stdout.columns = 120;
    stdout.rows = 40;
    stdout.emit('resize');
    expect(stdout.frames).toHaveLength(2);
    expect(stdout.frames[1]!.trimEnd().split('\n')).toHaveLength(39);
    expect(stdout.frames[1]).toContain('p99 of answers');
  });

  it('never erases behind a line, where the last letter of a full one stands', async () => {
    const { stdout, dashboard } = await mounted();
    dashboard.update(sampleInput());
    const lines = stdout.written.at(-1)!.split('\r\n');
    expect(lines[2]).toMatch(/^\u001b\[K╭.*╮$/);
    expect(lines.at(-1)).toBe('\u001b[J\u001b[?2026l');
  });

  it('gives the terminal back when the process exits or an error is about to be printed', async () => {
    const { stdout } = await mounted();
    const [beforeExit, beforeError] = [process.listeners('exit'), process.listeners('uncaughtExceptionMonitor')];
    const close = beforeExit.at(-1) as () => void;
    expect(beforeError).toContain(close);
    close();
    expect(stdout.written.at(-1)).toContain('\u001b[?1049l');
    expect(process.listeners('exit')).not.toContain(close);
    expect(process.listeners('uncaughtExceptionMonitor')).not.toContain(close);
  });

  it('gives the terminal back and says so when a frame cannot be drawn', async () => {
    const { stdout, failures, dashboard } = await mounted();
    const input = sampleInput();
    dashboard.update({
      ...input,
      get totals(): typeof input.totals {
        throw new RangeError('no totals');
      },
    });
    expect(failures).toEqual([new RangeError('no totals')]);
    expect(stdout.written.at(-1)).toContain('\u001b[?1049l');
  });
});
