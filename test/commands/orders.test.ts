import { expect, it } from 'vitest';
import { type Hands, Orders } from '../../src/commands/orders.js';

function recorded(): { readonly hands: Hands; readonly done: string[] } {
  const done: string[] = [];
  const note = (what: string) => done.push(what) > 0;
  return {
    done,
    hands: {
      desk: { ask: (intent) => void note(intent) },
      steering: {
        pause: () => note('pause'),
        resume: () => note('resume'),
        scaleRate: (factor) => note(`rate ${factor}`),
        changeClients: (by) => note(`clients ${by}`),
      },
    },
  };
}

const asPlanned = { paused: false, rateFactor: 1, clientsBy: 0 };

it('orders to a load that has not begun are obeyed once it has, those to stop at once', () => {
  const { hands, done } = recorded();
  const orders = new Orders(hands);
  orders.follow({ status: 'starting', steering: asPlanned });
  orders.give({ kind: 'pause' });
  orders.give({ kind: 'rate', factor: 2 });
  orders.give({ kind: 'stop' });
  expect(done).toEqual(['stop']);
  orders.follow({ status: 'connecting', steering: asPlanned });
  expect(done).toEqual(['stop', 'pause', 'rate 2']);
  orders.follow({ status: 'running', steering: { ...asPlanned, paused: true } });
  orders.give({ kind: 'pause' });
  expect(done).toEqual(['stop', 'pause', 'rate 2', 'resume']);
});
