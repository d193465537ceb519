import { describe, expect, it } from 'vitest';
import { judge } from '../../src/coordinator/judgement.js';
import { RunLog } from '../../src/coordinator/run-log.js';
import type { TotalsBuilder } from '../../src/metrics/totals-builder.js';

const stayed = { lost: false, clients: 2, fate: 'stayed' } as const;
const deserted = { lost: false, clients: 2, fate: 'lost' } as const;
const removed = { lost: false, clients: 2, fate: 'removed' } as const;
const gone = { lost: true, clients: 2, fate: null } as const;
const idle = { lost: false, clients: 0, fate: 'stayed' } as const;

function judgementOn(counted: Readonly<Record<string, number>>, workers: Parameters<typeof judge>[1]) {
  const log = new RunLog(() => 0);
  const counter: TotalsBuilder['counter'] = (metric) => counted[metric] ?? 0;
  judge({ counter }, workers, log);
  return [log.outcome, ...log.events.map(({ kind }) => kind)];
}

describe('what is said of a run in the end', () => {
  it.each([
    ['that some stayed with the target', [deserted, stayed], ['ok']],
    ['that all were lost to it', [deserted, deserted], ['targetLost', 'targetLost']],
    ['that none stayed beside those removed by hand', [deserted, removed], ['targetLost', 'targetLost']],
    ['that all were removed by hand', [removed], ['ok']],
    ['that all who remain were lost to it', [deserted, gone, idle], ['targetLost', 'targetLost']],
    ['nothing of the target where no worker is left', [gone], ['ok']],
  ] as const)('tells %s', (_, workers, expected) => {
    expect(judgementOn({ connects: 4 }, workers)).toEqual(expected);
  });

  it('tells that not one connect succeeded, rather than that the target was lost', () => {
    expect(judgementOn({ connect_failures: 3 }, [deserted])).toEqual(['noClientConnected', 'targetUnreachable']);
    expect(judgementOn({}, [stayed])).toEqual(['ok']);
  });

  it('tells that code of the user threw', () => {
    expect(judgementOn({ connects: 4, bot_errors: 1 }, [stayed])).toEqual(['botFailed']);
    expect(judgementOn({ connects: 4, transform_errors: 1 }, [stayed])).toEqual(['transformFailed']);
  });
});
