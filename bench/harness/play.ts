import { runToEnd } from './child.js';
import { scenarioFile } from './paths.js';

/** What a scenario that was played with one worker measured, and what the worker used; over the measured window. */
export interface Played {
  readonly measuredMs: number;
  /** CPU time of the worker's process, user and system. */
  readonly cpuUs: number;
  readonly packetsSent: number;
  readonly packetsReceived: number;
  readonly broadcastTimes: number;
  readonly meanBatch: number;
  readonly responseP50Ms: number;
  readonly responseP99Ms: number;
  /** From the start until the last connection stood, where all are to be made at once. */
  readonly lastConnectMs: number;
  /** The worker's resident memory when it last reported with every client connected. */
  readonly connectedRssBytes: number;
}

export interface PlayOptions {
  /** The compiled benchmark to play with: this one, or another to compare with. */
  readonly build: string;
  /** A scenario of the benchmark's, by its name, or the path of another. */
  readonly scenario: string;
  /** A port of 127.0.0.1; the scenario's own target where it is not given. */
  readonly port?: number;
  readonly dashboard?: boolean;
  /** In place of the scenario's own. */
  readonly duration?: string;
  readonly clients?: number;
  /** For the coordinator and, through it, the worker. */
  readonly nodeOptions?: readonly string[];
}

/** What `programs/heap-probe.ts` writes: of those seconds of the measured window in which nothing was collected. */
export interface HeapGrowth {
  heapBytes: number;
  packetsReceived: number;
}

/** Plays a scenario in a process of its own, which starts its worker in another. */
export async function play(options: PlayOptions): Promise<Played> {
  const { build, scenario, port, dashboard = false, duration = '', clients = '', nodeOptions = [] } = options;
  const target = port === undefined ? '' : `127.0.0.1:${port}`;
  const args = [
    `${build}bench/programs/play.js`,
    scenarioFile(scenario),
    target,
    dashboard ? 'dashboard' : '',
    duration,
    String(clients),
  ];
  const { lines } = await runToEnd(process.execPath, [...nodeOptions, ...args]);
  return lines.at(-1) as Played;
}
