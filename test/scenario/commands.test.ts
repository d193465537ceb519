import { afterEach, describe, expect, it, vi } from 'vitest';
import { schema } from '../../src/commands/schema.js';
import { validate } from '../../src/commands/validate.js';
import { scenarioJsonSchema } from '../../src/scenario/json-schema.js';
import { packetsXml, writeFiles } from './scenario-files.js';

afterEach(() => {
  vi.restoreAllMocks();
});

function captured(): () => string {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  return () => log.mock.calls.map(([line]) => String(line)).join('\n');
}

const scenario = `
name: Small
target: '[::1]:7777'
protocol: { packets: packets.xml }
load: { clients: 100, duration: 90s, connectRate: 10/s, warmup: 5s }
seed: 7
clients:
  talker:
    weight: 3
    start: [{ expect: S_Said }]
    every: [{ interval: 500ms, send: C_Say, with: { text: a } }]
    on: { Echo: [] }
  lurker:
    lifetime: 20s..1m
    loop: [{ pause: 1s }, { pause: 2s }]
thresholds: { errors: ['rate<0.1'] }
`;

describe('swarm validate', () => {
  it('says what a valid scenario will do', async () => {
    const printed = captured();
    const file = writeFiles({ 'small.yaml': scenario, 'packets.xml': packetsXml });
    expect(await validate(file, {})).toBe(0);
    expect(printed()).toBe(
      [
        `${file} is valid.`,
        '',
        'Small',
        '  target       tcp://[::1]:7777',
        '  load         100 clients at most, for 1m40s, 5s of it warm-up',
        '  kind talker  75 % of the clients, start 1 step, C_Say every 500ms, answers 1 packet',
        '  kind lurker  25 % of the clients, loop 2 steps, stays 20s to 1m',
        '  open loop    150 packets a second with every client connected',
        '  thresholds   1',
        '  seed         7',
      ].join('\n'),
    );
  });

  it('throws every mistake of one that is not, with the exit code for invalid input', async () => {
    const file = writeFiles({ 'small.yaml': 'target: 1\nload: 2\nclients: 3\n' });
    await expect(validate(file, {})).rejects.toMatchObject({
      code: 'scenario-invalid',
      exitCode: 104,
      problems: [
        { place: { line: 1 }, message: '`1` is not a target' },
        { place: { line: 2 }, message: '`2` is not a load' },
        { place: { line: 3 }, message: '`3` is not a mapping of client kinds' },
      ],
    });
  });
});

describe('swarm schema', () => {
  it('prints the JSON Schema', async () => {
    const printed = captured();
    expect(await schema('scenario')).toBe(0);
    expect(JSON.parse(printed())).toEqual(JSON.parse(JSON.stringify(scenarioJsonSchema())));
  });
});
