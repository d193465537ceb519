import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { loadScenario, type Plan, type RunProgress, type RunResult, run, Steering } from 'tcp-swarm';
import { describe, expect, it } from 'vitest';

/** Twenty clients and as many packets a second, and nothing that a busy machine could fail. */
function quickstart(): Plan {
  const { plan } = loadScenario('quickstart', { env: {}, overrides: { duration: '8s', clients: '20' } });
  return { ...plan, thresholds: [] };
}

/** Plays it on two workers, and takes each step once the run has come so far; in milliseconds of plan time. */
async function steer(
  steps: readonly (readonly [planMs: number, step: (steering: Steering) => boolean])[],
): Promise<{ result: RunResult; progress: RunProgress[]; answers: boolean[] }> {
  const steering = new Steering();
  const progress: RunProgress[] = [];
  const answers: boolean[] = [];
  const result = await run(quickstart(), {
    workers: 2,
    steering,
    onProgress: (latest) => {
      progress.push(latest);
      const next = steps[answers.length];
      // Progress is announced again while a command is obeyed.
      if (next === undefined || latest.status !== 'running' || latest.planMs < next[0]) return;
      const place = answers.push(false) - 1;
      answers[place] = next[1](steering);
    },
  });
  return { result, progress, answers };
}

describe('a run that is steered from code', () => {
  it('is paused, goes on, and says so', async () => {
    const { result, progress, answers } = await steer([
      [1000, (steering) => steering.pause()],
      [1000, (steering) => steering.pause()],
      [5000, (steering) => steering.resume()],
    ]);
    expect(answers).toEqual([true, false, true]);
    expect(result.outcome).toBe('ok');
    const [paused, resumed] = result.steered;
    expect(result.steered.map(({ action }) => action)).toEqual(['pause', 'resume']);
    expect(result.events.map(({ kind, message }) => [kind, message])).toEqual([
      ['steered', 'sends paused by hand'],
      ['steered', 'sends resumed by hand'],
    ]);
    expect(progress.some(({ steering }) => steering.paused)).toBe(true);
    expect(progress.at(-1)?.steering).toEqual({ paused: false, rateFactor: 1, clientsBy: 0 });
    const { totals } = result;
    const within = totals.timeline.filter(
      ({ atMs, widthMs }) => atMs > paused!.atMs + 200 && atMs + widthMs < resumed!.atMs,
    );
    expect(within.length).toBeGreaterThan(0);
    for (const row of within) expect(row.packetsSent).toBe(0);
    expect(totals.counter('dropped_sends', {}, 'wholeRun')).toBe(0);
    const { hits, total } = totals.rate('broadcast_reach');
    expect(hits).toBe(total);
  });

  it('sends faster, with more clients and fewer as far as there is room for them, and none of them fails', async () => {
    const { result, answers } = await steer([
      [1000, (steering) => steering.changeClients(5)],
      [1000, (steering) => steering.changeClients(100_000_000)],
      [1000, (steering) => steering.scaleRate(3)],
      [3000, (steering) => steering.changeClients(-15)],
      [3000, (steering) => steering.changeClients(-1000)],
      [5000, (steering) => steering.changeClients(15)],
    ]);
    expect(result.outcome).toBe('ok');
    expect(answers).toEqual([true, false, true, true, true, true]);
    expect(result.events.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^no clients were added: .*connections/),
    );
    // Both steps down came at one time.
    expect(result.events.map(({ message }) => message)).toContain(
      '25 clients removed by hand, 2 steps: 20 fewer than planned',
    );
    expect(result.steered.map(({ clientsBy }) => clientsBy)).toEqual([5, 5, -10, -20, -5]);
    const { totals } = result;
    expect(Math.max(...totals.timeline.map(({ connected }) => connected))).toBe(25);
    expect(totals.counter('connects', {}, 'wholeRun')).toBe(20 + 5 + 15);
    expect(totals.counter('disconnects', { cause: 'planned' }, 'wholeRun')).toBe(20 + 5 + 15);
    expect(totals.rate('errors', {}, 'wholeRun').hits).toBe(0);
  });
});

describe('a target that is lost to those whom nobody removed', () => {
  it('is lost, and ends the run, also where the clients of another worker were removed', async () => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => sockets.add(socket.on('error', () => {})));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { plan } = loadScenario('quickstart', {
      env: {},
      overrides: { target: `127.0.0.1:${port}`, clients: '2', duration: '10m' },
    });
    const steering = new Steering();
    const result = await run(
      { ...plan, thresholds: [] },
      {
        workers: 2,
        steering,
        onProgress: ({ totals, steering: { clientsBy } }) => {
          const connected = totals.connected('wholeRun');
          if (connected === 2 && clientsBy === 0) steering.changeClients(-1);
          if (connected === 1 && clientsBy === -1) for (const socket of sockets) socket.destroy();
        },
      },
    );
    server.close();
    expect(result.outcome).toBe('targetLost');
    expect(result.events.map(({ kind }) => kind)).toEqual(['steered', 'targetLost']);
  });
});
