import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SwarmError } from '../../src/errors.js';
import { bundledScenarios, findScenario } from '../../src/scenario/bundled.js';
import { scenarioJsonSchema } from '../../src/scenario/json-schema.js';
import { loadScenario } from '../../src/scenario/load.js';
import { writeFiles } from './scenario-files.js';

const read = (path: string) => readFileSync(new URL(`../../scenarios/${path}`, import.meta.url), 'utf8');

describe('the bundled scenarios', () => {
  it('are those of the documentation', () => {
    expect(bundledScenarios()).toEqual([
      'bots',
      'c15k',
      'chat',
      'cipher',
      'echo',
      'hello',
      'hostile-neighbours',
      'login-storm',
      'memcached',
      'mosquitto',
      'move',
      'postgresql',
      'quickstart',
      'redis-ping',
      'soak',
    ]);
  });

  it.each(bundledScenarios())('%s is valid, points to the schema, and says how to run it', (name) => {
    const text = read(`${name}.yaml`);
    expect(loadScenario(name, { env: {} }).plan.kinds.length).toBeGreaterThan(0);
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=./scenario.schema.json');
    expect(text).toMatch(new RegExp(`^#   swarm run ${name}$`, 'm'));
  });

  it('speak packets numbered as the original server numbers them', () => {
    const { packets } = loadScenario('move', { env: {} }).plan.protocol;
    expect(packets.format === 'pdl' && packets.packets.map(({ name, id }) => [name, id])).toEqual([
      ['S_BroadcastEnterGame', 1],
      ['C_LeaveGame', 2],
      ['S_BroadcastLeaveGame', 3],
      ['S_PlayerList', 4],
      ['C_Move', 5],
      ['S_BroadcastMove', 6],
    ]);
  });

  it('of chat is a thousand clients at two lines a second each, who begin together', () => {
    const { load, kinds } = loadScenario('chat', { env: {} }).plan;
    expect(load).toMatchObject({ maxClients: 1000, begin: 'together' });
    expect(load.stages.at(-1)).toEqual({ durationMs: 30_000, target: 1000 });
    expect(kinds).toMatchObject([
      { every: [{ rate: { kind: 'constant', intervalMs: 500 }, send: { packet: 'C_Chat' } }] },
    ]);
  });
});

describe('finding a scenario', () => {
  it('takes a path that exists before a bundled name', () => {
    const file = writeFiles({ quickstart: 'target: localhost:1' });
    expect(findScenario(file)).toBe(file);
  });

  it('takes a bundled name with or without its ending', () => {
    expect(findScenario('quickstart')).toMatch(/scenarios[\\/]quickstart\.yaml$/);
    expect(findScenario('quickstart.yaml')).toBe(findScenario('quickstart'));
  });

  it('suggests the nearest name, and lists all', () => {
    const hint =
      'Did you mean `quickstart`? The bundled scenarios are bots, c15k, chat, cipher, echo, hello, hostile-neighbours, login-storm, memcached, mosquitto, move, postgresql, quickstart, redis-ping, soak.';
    const message = 'There is no file `quikstart`, and no bundled scenario of that name.';
    expect(() => findScenario('quikstart')).toThrow(new SwarmError('scenario-not-found', message, { hint }));
  });
});

describe('the JSON Schema', () => {
  it('that ships is that of the validator (`swarm schema > scenarios/scenario.schema.json`)', () => {
    expect(JSON.parse(read('scenario.schema.json'))).toEqual(JSON.parse(JSON.stringify(scenarioJsonSchema())));
  });

  it('is of draft 7, names the required keys and allows no others', () => {
    expect(scenarioJsonSchema()).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      required: ['target', 'load', 'clients'],
      additionalProperties: false,
    });
  });

  it('explains every key of a scenario', () => {
    const unexplained: string[] = [];
    const visit = (schema: unknown, path: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      for (const [key, value] of Object.entries(schema)) visit(value, `${path}/${key}`);
      if (!('properties' in schema)) return;
      for (const [name, property] of Object.entries(schema.properties as Record<string, object>)) {
        // A step is explained by its verb.
        if (!('description' in property) && name !== 'steps' && name !== 'repeat') unexplained.push(`${path}/${name}`);
      }
    };
    visit(scenarioJsonSchema(), '');
    expect(unexplained).toEqual([]);
  });
});
