import { expect } from 'vitest';
import { ReportFolder, type RunReport, swarm } from '../e2e/swarm.js';

/** What one bundled scenario did to a real server. */
export class Played {
  readonly #wholeRun: RunReport['totals']['wholeRun'];

  constructor(report: RunReport) {
    this.#wholeRun = report.totals.wholeRun;
  }

  counter(name: string): number {
    return this.#wholeRun.counters[name]?.total ?? 0;
  }

  /** Packets of one name, of all kinds of clients. */
  sent(packet: string): number {
    return this.#sum('packets_sent', packet);
  }

  received(packet: string): number {
    return this.#sum('packets_received', packet);
  }

  #sum(counter: string, packet: string): number {
    const series = this.#wholeRun.counters[counter]?.series ?? [];
    return series.reduce((sum, { tags, value }) => sum + (tags.packet === packet ? value : 0), 0);
  }

  rate(name: string): { readonly hits: number; readonly total: number } {
    return this.#wholeRun.rates[name] ?? { hits: 0, total: 0 };
  }
}

/** Plays a bundled scenario against 127.0.0.1, and sees that its 500 clients all connected, and met with no error. */
export async function play(scenario: string, port: number, duration: string): Promise<Played> {
  using reports = new ReportFolder();
  const args = ['run', scenario, '--target', `127.0.0.1:${port}`, '--duration', duration, '--out', reports.path];
  const { code, stdout, stderr } = await swarm(args);
  expect(code, stdout + stderr).toBe(0);
  const played = new Played(reports.read());
  expect(played.counter('connects'), stdout).toBeGreaterThanOrEqual(500);
  expect(played.rate('errors').hits, stdout).toBe(0);
  expect(played.rate('checks').total, stdout).toBeGreaterThan(0);
  expect(played.rate('checks').hits, stdout).toBe(played.rate('checks').total);
  for (const trouble of ['connect_failures', 'timeouts', 'protocol_errors', 'uncertain_matches', 'dropped_sends']) {
    expect(played.counter(trouble), `${trouble}\n${stdout}`).toBe(0);
  }
  return played;
}
