import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../src/metrics/catalog.js';
import { foreseeSeries, protocolErrorCodes } from '../../src/scenario/foreseen.js';
import { announce, answer, ask, kind, paced, packets, tell } from '../support/plans.js';
import { load, problemsOf } from './scenario-files.js';

const target = { kind: 'tcp', host: '127.0.0.1', port: 1 } as const;
const coded = kind({ bot: { file: '/bot.ts', digest: '', options: {}, broadcasts: [] } });
const set = { format: 'pdl', packets } as const;

describe('what a run can measure', () => {
  it('has the tags of the catalog, and no others', () => {
    const listed = kind({ start: [ask()], loop: [ask()], every: [paced(100, announce())] });
    const kinds = new Map([
      ['bot', listed],
      ['coded', coded],
      ['wrong', undefined],
    ]);
    const foreseen = foreseeSeries({
      target: { ...target, kind: 'tls', tls: {} },
      packets: set,
      transformed: true,
      kinds,
    });
    expect(new Set(foreseen.map(({ metric }) => metric))).toEqual(new Set(Object.keys(catalog)));
    for (const { metric, tags } of foreseen) {
      expect(catalog[metric].tags, metric).toEqual(expect.arrayContaining(Object.keys(tags)));
    }
  });

  it('is open in what the clock and the server ask for, and closed in a loop', () => {
    const kinds = new Map([['bot', kind({ start: [tell()], loop: [{ verb: 'repeat', times: 2, steps: [ask()] }] })]]);
    const foreseen = foreseeSeries({ target, packets: set, transformed: true, kinds });
    expect(foreseen.filter(({ metric }) => metric === 'response_time')).toEqual([]);
    expect(foreseen.filter(({ metric }) => metric === 'service_time').map(({ tags }) => tags)).toEqual([
      { client: 'bot', packet: 'C_Ask', step: 'bot.step', arrival: 'closed' },
    ]);
  });

  it('knows the checks of steps, and that those of bots are known to the run alone', () => {
    const check = [{ name: 'alive', value: { kind: 'constant', value: true } }] as const;
    const listed = kind({ start: [ask(undefined, answer({ check }))] });
    const checksOf = (plan: typeof listed) =>
      foreseeSeries({ target, packets: set, transformed: true, kinds: new Map([['bot', plan]]) })
        .filter(({ metric }) => metric === 'checks')
        .map(({ tags }) => tags.check);
    expect(checksOf(listed)).toEqual(['alive']);
    expect(checksOf(coded)).toEqual([null]);
  });

  it('knows every code of a protocol error that core has', () => {
    const core = new URL('../../src/core/', import.meta.url);
    const codes = readdirSync(core).flatMap((file) => [
      ...readFileSync(new URL(file, core), 'utf8').matchAll(/new ProtocolError\(\s*'([^']+)'/g),
    ]);
    expect(codes.length).toBeGreaterThan(4);
    for (const [, code] of codes) expect(protocolErrorCodes).toContain(code);
  });
});

describe('a threshold', () => {
  const scenario = (clients: string, thresholds: string) => `target: 127.0.0.1:7777
protocol: { packets: packets.xml }
load: { clients: 10, duration: 10s }
clients: ${clients}
thresholds: ${thresholds}
`;
  const talker = '{ talker: { start: [{ send: C_Say, with: { text: a }, expect: S_Said }] } }';

  it.each([
    "{ 'packets_received{packet:unknown}': ['count==0'] }",
    "{ 'packets_received{packet:S_All}': ['count==0'] }",
    "{ 'timeouts{packet:C_Say,step:talker.start[0]}': ['count==0'] }",
    "{ 'disconnects{cause:remote,client:talker}': ['count==0', 'rate<1'] }",
    "{ 'dropped_sends{cause:queue-full}': ['count==0'] }",
    "{ 'protocol_errors{code:trailing-bytes}': ['count==0'] }",
  ])('may be of %s', (thresholds) => {
    expect(load(scenario(talker, thresholds)).thresholds.length).toBeGreaterThan(0);
  });

  it('may be of the steps of a bot, and of no others', () => {
    const measured = { target, packets: set, transformed: true, kinds: new Map([['bot', coded]]) };
    const steps = foreseeSeries(measured).flatMap(({ metric, tags }) => (metric === 'send_lag' ? tags.step : []));
    expect(steps).toEqual([expect.any(RegExp)]);
    const [step] = steps as [RegExp];
    expect(['bot.bot', 'bot.bot.every[12]'].every((name) => step.test(name))).toBe(true);
    expect(['bot', 'bot.start[0]', 'a.bot.bot', 'bot.bot.every[]'].some((name) => step.test(name))).toBe(false);
  });

  it('of a kind of client that could not be read is not to blame', () => {
    const wrong =
      '{ talker: { start: [{ send: C_Sya, expect: S_Said, check: 1 }] }, quiet: { loop: [{ pause: 1s }] } }';
    const thresholds =
      "{ 'checks{check:any}': ['rate==1'], 'response_time{client:talker,packet:C_Say}': ['max<1'], broadcast_time: ['max<1'] }";
    for (const { message } of problemsOf(() => load(scenario(wrong, thresholds))))
      expect(message).not.toMatch(/ never has | is measured as /);
  });
});
