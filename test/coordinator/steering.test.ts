import { describe, expect, it } from 'vitest';
import {
  afterCommand,
  asPlanned,
  describeSteering,
  Steering,
  type SteeringCommand,
} from '../../src/coordinator/steering.js';

const pause: SteeringCommand = { action: 'pause' };
const scale = (factor: number): SteeringCommand => ({ action: 'scaleRate', factor });
const change = (by: number): SteeringCommand => ({ action: 'changeClients', by });

/** How a run of a hundred clients stands after these commands. */
function stateAfter(...commands: readonly SteeringCommand[]) {
  return commands.reduce((state, command) => afterCommand(state, command, 100), asPlanned);
}

/** The last of the steps, in words. */
function told(...commands: readonly SteeringCommand[]): string {
  const { action } = commands.at(-1)!;
  return describeSteering(action, stateAfter(...commands.slice(0, -1)), stateAfter(...commands));
}

describe('a run that is steered', () => {
  it('stands as all commands so far say', () => {
    expect(stateAfter(scale(2), pause, scale(2), change(30), change(-40))).toEqual({
      paused: true,
      rateFactor: 4,
      clientsBy: -10,
    });
  });

  it('is where it was after as many steps down as up', () => {
    const up = Array.from({ length: 12 }, () => scale(1.25));
    const down = Array.from({ length: 12 }, () => scale(0.8));
    expect(stateAfter(...up, ...down).rateFactor).toBeCloseTo(1, 6);
    expect(stateAfter(scale(1.25), scale(0.8))).toEqual(asPlanned);
  });

  it('has bounds: no client less than none, and rates from a thousandth to a thousandfold', () => {
    expect(stateAfter(change(-150)).clientsBy).toBe(-100);
    expect(stateAfter(change(-150), change(1)).clientsBy).toBe(-99);
    expect(stateAfter(scale(1e9)).rateFactor).toBe(1000);
    expect(stateAfter(scale(1e-9)).rateFactor).toBe(0.001);
  });

  it('is the same where a command changes nothing', () => {
    for (const command of [{ action: 'resume' } as const, scale(1), change(0)]) {
      expect(afterCommand(asPlanned, command, 100)).toBe(asPlanned);
    }
  });

  it('is described in a few words', () => {
    expect(told(pause)).toBe('sends paused by hand');
    expect(told(pause, { action: 'resume' })).toBe('sends resumed by hand');
    expect(told(scale(1.25), scale(1.25))).toBe('send rate × 1.56 by hand');
    expect(told(change(1))).toBe('1 client added by hand: 1 more than planned');
    expect(told(change(-20))).toBe('20 clients removed by hand: 20 fewer than planned');
    expect(told(change(-20), change(20))).toBe('20 clients added by hand: as many as planned');
  });

  it('is described by the sum of several steps', () => {
    const up = stateAfter(scale(1.25), scale(1.25));
    expect(describeSteering('scaleRate', asPlanned, up, 2)).toBe('send rate × 1 → × 1.56 by hand, 2 steps');
    expect(describeSteering('changeClients', stateAfter(change(10)), stateAfter(change(-20)), 3)).toBe(
      '30 clients removed by hand, 3 steps: 20 fewer than planned',
    );
    expect(describeSteering('changeClients', asPlanned, asPlanned, 2)).toBe(
      '0 clients added by hand, 2 steps: as many as planned',
    );
  });
});

describe('Steering', () => {
  it('hands its run the commands, and tells whether they changed anything', () => {
    const steering = new Steering();
    expect(steering.pause()).toBe(false);
    const heard: SteeringCommand[] = [];
    const unfollow = steering.follow((command) => heard.push(command) < 3);
    expect([steering.pause(), steering.resume(), steering.scaleRate(0.5)]).toEqual([true, true, false]);
    steering.changeClients(-3);
    expect(heard).toEqual([pause, { action: 'resume' }, scale(0.5), change(-3)]);
    unfollow();
    expect(steering.changeClients(1)).toBe(false);
    expect(heard).toHaveLength(4);
  });

  it('refuses what is no factor, and no number of clients', () => {
    const steering = new Steering();
    for (const factor of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => steering.scaleRate(factor)).toThrow(RangeError);
    }
    expect(() => steering.changeClients(1.5)).toThrow('changeClients takes a whole number, not 1.5');
  });
});
