import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { childrenOf, cpuTicks, isAlive, isStopped } from '../support/processes.js';
import { ReportFolder } from './swarm.js';
import { hasTerminals, TerminalProcess } from './terminal.js';

const leaveScreen = '\u001b[?1049l';
const crashOnSignal = fileURLToPath(new URL('./crash-on-signal.mjs', import.meta.url));

function play(reports: ReportFolder, ...options: string[]): string[] {
  return ['run', 'quickstart', '--clients', '10', '--workers', '1', '--out', reports.path, ...options];
}

function playShortly(reports: ReportFolder, ...options: string[]): string[] {
  const load = ['--target', 'embedded:echo', '--clients', '20', '--duration', '1s', '--set', 'load.warmup=0s'];
  return ['run', 'echo', ...load, '--out', reports.path, ...options];
}

describe.skipIf(!hasTerminals)('in a terminal (skipped where there is no `script` of util-linux)', () => {
  it('breaks what it complains of between words', async () => {
    await using terminal = new TerminalProcess(['run', 'quickstart', '--format', 'htlm']);
    await terminal.exited;
    expect(
      terminal.output.replaceAll('\r', ''),
    ).toContain(`swarm: --format htlm: not one of html, text, markdown, json, csv, junit, hlog,
  hgrm.
`);
  });

  it('shows a page for each key, fills the window, and stops at q', async () => {
    using reports = new ReportFolder();
    await using terminal = new TerminalProcess(play(reports, '--duration', '5m'));
    await terminal.untilFrame(/running.*\n.*\n╭ clients/);
    expect(terminal.drawn).toMatch(/\u001b\[3[1-7]m/);
    expect(terminal.drawn).not.toMatch(/\u001b\[[34]8;/);
    terminal.press('2');
    await terminal.untilFrame(/ packet +sent\/s +recv\/s +bytes\/s▼/);
    terminal.press('\u001b[D');
    await terminal.untilFrame(/recv\/s▼/);
    terminal.press('\t');
    await terminal.untilFrame(/╭ broadcast time, over the run/);
    terminal.press('4');
    await terminal.untilFrame(/worker +clients/);
    terminal.press('5');
    await terminal.untilFrame(/╭ log/);
    terminal.press('?');
    await terminal.untilFrame(/╭ help/);
    terminal.press('1');
    await terminal.untilFrame(/╭ clients/);
    await terminal.resize(120, 40);
    const wide = await terminal.untilFrame(/p99 of answers/);
    expect(wide.split('\n')).toHaveLength(39);
    terminal.press('q');
    expect(await terminal.outcome()).toEqual({ code: 105, restored: true });
    expect(terminal.after).toContain('stopped');
    expect(reports.read().outcome.name).toBe('stopped');
  });

  it('pauses the sends, changes their rate and the number of clients, and says so above every page', async () => {
    using reports = new ReportFolder();
    await using terminal = new TerminalProcess(play(reports, '--duration', '5m'));
    // Often before the load has begun: then it is paused as soon as it has.
    await terminal.untilFrame(/starting|running/);
    terminal.press('p');
    await terminal.untilFrame(/paused by hand {2}/);
    terminal.press('p');
    await terminal.untilFrame(/p pause/);
    terminal.press('+c');
    await terminal.untilFrame(/rate × 1.25 {2}clients \+1 /);
    terminal.press('q');
    expect(await terminal.outcome()).toEqual({ code: 105, restored: true });
    expect(terminal.after).toContain('by hand');
  });

  it('ends at once at the second q', async () => {
    using reports = new ReportFolder();
    await using terminal = new TerminalProcess(play(reports, '--duration', '5m'));
    await terminal.untilFrame(/running/);
    terminal.press('qq');
    expect(await terminal.outcome()).toEqual({ code: 105, restored: true });
    expect(reports.read().events.map(({ kind }) => kind)).toContain('aborted');
  });

  it('draws in ASCII and without colour where the terminal has no more', async () => {
    using reports = new ReportFolder();
    await using terminal = new TerminalProcess(play(reports, '--duration', '5m'), { NO_COLOR: '1', LC_ALL: 'C' });
    await terminal.untilFrame(/\+ clients -/);
    expect(terminal.drawn.replaceAll('\u001b[K', '')).toMatch(/^[\x20-\x7e\r\n]*(\u001b\[J)?$/);
    terminal.press('\u0003');
    expect(await terminal.outcome()).toEqual({ code: 105, restored: true });
  });

  it('trusts the console of Linux with ASCII alone, in colour, and takes CI=false for no CI', async () => {
    using reports = new ReportFolder();
    await using terminal = new TerminalProcess(play(reports, '--duration', '5m'), { TERM: 'linux', CI: 'false' });
    await terminal.untilFrame(/\+ clients -/);
    expect(terminal.drawn).toMatch(/\u001b\[3[1-7]m/);
    terminal.press('q');
    expect(await terminal.outcome()).toEqual({ code: 105, restored: true });
  });

  it('gives the terminal to the shell at Ctrl-Z and takes it again at fg, while its processes go on', async () => {
    using reports = new ReportFolder();
    await using terminal = new TerminalProcess(play(reports, '--duration', '5m'), {}, { jobs: true });
    await terminal.untilFrame(/running/);
    const { pid } = terminal;
    // Workers and server; the watchdog of each is a shell, which sleeps.
    const children = childrenOf(pid).flatMap((child) => (/node/i.test(child.command) ? [child.pid] : []));
    expect(children.length).toBeGreaterThan(1);
    terminal.press('\u001a');
    await terminal.untilPrinted(/\u001b\[\?1049l[\s\S]*suspended 148/);
    expect(isStopped(pid)).toBe(true);
    const usedBefore = children.map(cpuTicks);
    await expect
      .poll(() => children.every((child, i) => cpuTicks(child) > usedBefore[i]!), { timeout: 30_000 })
      .toBe(true);
    await terminal.resize(120, 40);
    terminal.press('\n');
    await terminal.untilPrinted(/suspended 148[\s\S]*\u001b\[\?1049h/);
    await terminal.untilFrame(/p99 of answers/);
    terminal.press('q');
    expect(await terminal.outcome()).toEqual({ code: 105, restored: true });
    expect(reports.read().outcome.name).toBe('stopped');
  });

  it('ends in the background when it is told to, and leaves the shell its terminal', async () => {
    using reports = new ReportFolder();
    await using terminal = new TerminalProcess(play(reports, '--duration', '5m'), {}, { jobs: true });
    await terminal.untilFrame(/running/);
    const { pid } = terminal;
    terminal.press('\u001a');
    await terminal.untilPrinted(/suspended 148/);
    const before = terminal.output.length;
    process.kill(pid, 'SIGTERM');
    process.kill(pid, 'SIGCONT');
    await expect.poll(() => isAlive(pid), { timeout: 30_000 }).toBe(false);
    expect(reports.read().outcome.name).toBe('stopped');
    expect(terminal.output.slice(before)).not.toContain('\u001b[?1049h');
  });

  it('leaves the terminal as it was when it is told to end', async () => {
    using reports = new ReportFolder();
    await using terminal = new TerminalProcess(play(reports, '--duration', '5m'));
    await terminal.untilFrame(/running/);
    process.kill(terminal.pid, 'SIGTERM');
    expect(await terminal.outcome()).toEqual({ code: 105, restored: true });
    expect(terminal.after).toContain('stopped');
  });

  it('leaves the terminal as it was when it crashes, and says why on it', async () => {
    using reports = new ReportFolder();
    const env = { NODE_OPTIONS: `--import=${crashOnSignal}` };
    await using terminal = new TerminalProcess(play(reports, '--duration', '5m'), env);
    await terminal.untilFrame(/running/);
    process.kill(terminal.pid, 'SIGUSR2');
    const { code, restored } = await terminal.outcome();
    expect({ failed: code !== 0, restored }).toEqual({ failed: true, restored: true });
    expect(terminal.after).toContain('crashed on purpose');
    expect(terminal.output.indexOf('crashed on purpose')).toBeGreaterThan(terminal.output.indexOf(leaveScreen));
  });

  it('writes its report when the terminal is closed, and leaves no process behind', async () => {
    using reports = new ReportFolder();
    await using terminal = new TerminalProcess(play(reports, '--duration', '5m'));
    await terminal.untilFrame(/running/);
    const { pid } = terminal;
    const processes = [pid, ...childrenOf(pid).map((child) => child.pid)];
    expect(processes.length).toBeGreaterThan(2);
    terminal.hangUp();
    await expect.poll(() => processes.filter(isAlive), { timeout: 30_000 }).toEqual([]);
    expect(reports.read().outcome.name).toBe('stopped');
  });

  it.each([
    ['--no-tui', ['--no-tui'], {}],
    ['CI=true', [], { CI: 'true' }],
    ['TERM=dumb', [], { TERM: 'dumb' }],
  ])('prints lines with %s', async (_name, options, env) => {
    using reports = new ReportFolder();
    await using terminal = new TerminalProcess(playShortly(reports, ...options), env);
    const { code, restored } = await terminal.outcome();
    expect(restored).toBe(true);
    expect(code).toBe(reports.read().outcome.exitCode);
    expect(terminal.output).toMatch(/^00:0\d \/ 00:01 {2}(connecting|running) /m);
    expect(terminal.output).not.toContain('\u001b[?1049h');
  });

  it('with --quiet shows nothing but the summary', async () => {
    using reports = new ReportFolder();
    await using terminal = new TerminalProcess(playShortly(reports, '--quiet'));
    const { code } = await terminal.outcome();
    expect(code).toBe(reports.read().outcome.exitCode);
    expect(terminal.output).not.toContain('\u001b[?1049h');
    expect(terminal.output).not.toMatch(/^00:0/m);
    expect(stripVTControlCharacters(terminal.output)).toMatch(/^ result +[✓✗] /m);
  });
});
