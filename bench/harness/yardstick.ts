import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type RunningServer, runToEnd, startServer } from './child.js';
import { benchFolder, thisBuild } from './paths.js';
import { scratchFolder } from './scratch.js';

/** Every client of the round-trip rows has so many. */
const connections = 1000;

/** What the echo server does when there is nothing to do. `spin` where CPU time is compared: no client then pays for waking it. */
export type Rest = 'sleep' | 'spin';

/** What one round trip costs a client: what the ratios compare. */
export interface RoundTrips {
  readonly cpuUsPerRoundTrip: number;
}

/** The C programs that show what the kernel's floor is; compiled anew for each run of the benchmark. */
export class Yardstick {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Null where there is no C compiler. */
  static compile(): Yardstick | null {
    const folder = scratchFolder();
    for (const program of ['echo-server', 'pingpong-client']) {
      const source = `${benchFolder}yardstick/${program}.c`;
      const { status } = spawnSync('cc', ['-O2', '-o', join(folder, program), source], { stdio: 'inherit' });
      if (status !== 0) return null;
    }
    return new Yardstick(folder);
  }

  startEchoServer(rest: Rest): Promise<RunningServer> {
    return startServer(join(this.#folder, 'echo-server'), ['0', rest]);
  }

  /** Keeps `depth` packets of 32 bytes in flight on each connection for some seconds. */
  async pingPong(port: number, depth: number): Promise<RoundTrips> {
    const args = [port, connections, measureSeconds, depth].map(String);
    const { lines } = await runToEnd(join(this.#folder, 'pingpong-client'), args);
    return lines[0] as RoundTrips;
  }
}

/** How long the yardsticks measure. */
const measureSeconds = 2;

/** As `Yardstick.pingPong`, by the smallest client that can be written on node:net. */
export async function barePingPong(
  port: number,
  depth: number,
  nodeOptions: readonly string[] = [],
): Promise<BareRoundTrips> {
  const args = [port, connections, measureSeconds, depth].map(String);
  const { lines } = await runToEnd(process.execPath, [
    ...nodeOptions,
    `${thisBuild}bench/programs/bare-client.js`,
    ...args,
  ]);
  return lines[0] as BareRoundTrips;
}

export interface BareRoundTrips extends RoundTrips {
  readonly heapBytesPerRoundTrip: number;
}

/** An echo server: the C program, or where there is no compiler one on node:net. */
export function startEchoServer(yardstick: Yardstick | null, rest: Rest = 'sleep'): Promise<RunningServer> {
  return (
    yardstick?.startEchoServer(rest) ?? startServer(process.execPath, [`${thisBuild}bench/programs/bare-server.js`])
  );
}
