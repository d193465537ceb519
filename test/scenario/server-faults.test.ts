import { describe, expect, it } from 'vitest';
import { SwarmError } from '../../src/errors.js';
import type { ServerFault } from '../../src/scenario/plan.js';
import { parseServerFault, serverFaultExamples } from '../../src/scenario/server-faults.js';
import { load, problemsOf } from './scenario-files.js';

const always = (timesMs: Extract<ServerFault, { kind: 'delay' }>['timesMs']): ServerFault => ({
  kind: 'delay',
  timesMs,
  share: 1,
});

describe('a fault', () => {
  it.each<[string, ServerFault]>([
    ['delay 20ms', always({ kind: 'constant', value: 20 })],
    ['delay 5ms..50ms', always({ kind: 'uniform', min: 5, max: 50 })],
    ['delay normal(20ms, 5ms)', always({ kind: 'normal', mean: 20, sd: 5 })],
    ['delay lognormal(1s,500ms)', always({ kind: 'lognormal', mean: 1000, sd: 500 })],
    ['delay exponential( 20ms )', always({ kind: 'exponential', mean: 20 })],
    ['delay normal(20ms, 5ms) 5%', { kind: 'delay', timesMs: { kind: 'normal', mean: 20, sd: 5 }, share: 0.05 }],
    ['delay 1s 0.5%', { kind: 'delay', timesMs: { kind: 'constant', value: 1000 }, share: 0.005 }],
    ['stall 1s every 10s', { kind: 'stall', durationMs: 1000, everyMs: 10_000 }],
    ['drop 1%', { kind: 'drop', share: 0.01 }],
    ['rubbish 100%', { kind: 'rubbish', share: 1 }],
    ['bad-size 1%', { kind: 'bad-size', sizeBytes: 0, share: 0.01 }],
    ['bad-size 65535 1%', { kind: 'bad-size', sizeBytes: 65_535, share: 0.01 }],
    ['close 2%', { kind: 'close', share: 0.02 }],
    ['close-after 100', { kind: 'close-after', replies: 100 }],
    ['reset 2%', { kind: 'reset', share: 0.02 }],
    ['reset-after 1', { kind: 'reset-after', replies: 1 }],
    ['never-read', { kind: 'never-read' }],
    ['accept-slowly 10/s', { kind: 'accept-slowly', perSec: 10 }],
    ['die-after 1m30s', { kind: 'die-after', afterMs: 90_000 }],
  ])('`%s`', (text, fault) => {
    expect(parseServerFault(text)).toEqual({ ...fault, text });
  });

  it('keeps its words, with single spaces', () => {
    expect(parseServerFault('  stall  1s   every 10s ').text).toBe('stall 1s every 10s');
  });

  it.each(serverFaultExamples)('has an example that is one: `%s`', (example) => {
    expect(parseServerFault(example).text).toBe(example);
  });

  it.each([
    ['', 'there is no fault ``', /^the faults are delay, stall, drop/],
    ['dely 5ms', 'there is no fault `dely`', /^did you mean `delay`\?$/],
    ['delay', 'the fault `delay` is not complete', /^write delay 5ms\.\.50ms$/],
    ['delay 5', 'the duration 5 has no unit', /^write 5ms, 5s/],
    ['delay 50ms..5ms', 'the range 50ms..5ms runs backwards', /shorter duration stands first/],
    ['delay gamma(5ms, 2)', '`gamma(5ms, 2)` is not a time, nor how times are spread', /normal\(20ms, 5ms\)/],
    ['delay lognormal(0ms, 5ms)', '0ms is no time at all', /1ms or more/],
    ['delay 25h', '25h is longer than a fault may last', /24h or less/],
    ['drop 1', '`1` is not a share', /write a percentage: 1%/],
    ['drop 0%', 'the share 0% is not above 0% and at most 100%', /write a percentage/],
    ['drop 101%', 'the share 101% is not above 0% and at most 100%', /write a percentage/],
    ['stall 1s', '`1s` does not say how long and how often', /stall 1s every 10s/],
    ['stall 10s every 10s', 'a stall of 10s every 10s never ends', /shorter one/],
    ['bad-size 65536 1%', '`65536` is not a size that a header can say', /bad-size 65535 1%/],
    ['bad-size 7', '`7` is not a share', /7%/],
    ['close-after 0', '`0` is not a number of packets', /from 1 on/],
    ['never-read 5%', '`never-read` stands alone', /leave `5%` out/],
    ['accept-slowly 2000/s', '2000/s is not slow', /1000\/s or less/],
    ['accept-slowly 0.1/h', '0.1/h is slower than anybody waits', /1\/h or more/],
    ['accept-slowly 10', '`10` is not a rate', /10\/s/],
    ['die-after 0s', '0s is no time at all', /1ms or more/],
  ])('`%s` is refused with a cure', (text, message, hint) => {
    let refused: unknown;
    try {
      parseServerFault(text);
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(SwarmError);
    expect(refused).toMatchObject({ message, hint: expect.stringMatching(hint) });
  });
});

describe('the faults of a scenario', () => {
  const scenario = (target: string): string => `target: ${target}
serverFaults: [ drop 1%, 'delay 5ms..50ms' ]
protocol: { packets: packets.xml }
load: { clients: 1, duration: 1s }
clients: { bot: { loop: [] } }
`;

  it('are the embedded server’s', () => {
    expect(load(scenario('embedded:echo')).target).toEqual({
      kind: 'embedded',
      mode: 'echo',
      faults: ['drop 1%', 'delay 5ms..50ms'].map(parseServerFault),
    });
  });

  it('are refused for a server that the scenario only names, but not for one that the command line names', () => {
    expect(problemsOf(() => load(scenario('127.0.0.1:7777')))).toMatchObject([
      {
        message: '`serverFaults` are played by the embedded server',
        hint: 'write target: embedded:echo, or start a server of your own with `swarm serve --fault`',
        place: { line: 2, column: 1 },
      },
    ]);
    expect(load(scenario('embedded:echo'), { target: '127.0.0.1:7777' }).target).toMatchObject({ kind: 'tcp' });
  });
});
