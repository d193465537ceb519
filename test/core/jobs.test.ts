import { describe, expect, it, vi } from 'vitest';
import { JobQueue, JobTimer } from '../../src/core/index.js';
import { ManualClock } from '../support/manual-clock.js';

describe('JobQueue', () => {
  it('runs a job at once where it is idle', () => {
    const done: string[] = [];
    const queue = new JobQueue();
    queue.push(() => done.push('a'));
    expect(done).toEqual(['a']);
    queue.push(() => done.push('b'));
    expect(done).toEqual(['a', 'b']);
  });

  it('runs what a job pushes behind that job, never inside it', () => {
    const done: string[] = [];
    const queue = new JobQueue();
    queue.push(() => {
      queue.push(() => {
        queue.push(() => done.push('innermost'));
        done.push('inner');
      });
      done.push('outer');
    });
    expect(done).toEqual(['outer', 'inner', 'innermost']);
  });

  it('runs a long chain of jobs without ending the stack', () => {
    let count = 0;
    const queue = new JobQueue();
    const job = (): void => {
      if (++count < 100_000) queue.push(job);
    };
    queue.push(job);
    expect(count).toBe(100_000);
  });

  it('reports a job that throws, and runs those behind it', () => {
    const errors: unknown[] = [];
    const done: string[] = [];
    const bug = new Error('a bug in a job');
    const queue = new JobQueue({ onError: (error) => errors.push(error) });
    queue.push(() => {
      queue.push(() => done.push('behind'));
      throw bug;
    });
    queue.push(() => done.push('later'));
    expect(errors).toEqual([bug]);
    expect(done).toEqual(['behind', 'later']);
  });

  it('warns of a job that throws where nobody listens', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    new JobQueue().push(() => {
      throw new Error('a bug in a job');
    });
    expect(warn.mock.calls).toEqual([[new Error('a bug in a job')]]);
    warn.mockRestore();
  });
});

describe('JobTimer', () => {
  it('runs each job once, when it is due', () => {
    const clock = new ManualClock();
    const timer = new JobTimer({ clock });
    const done: string[] = [];
    timer.push(250, () => done.push('late'));
    timer.push(100, () => done.push('early'));
    clock.advance(99);
    expect(done).toEqual([]);
    clock.advance(151);
    expect(done).toEqual(['early', 'late']);
    clock.advance(1000);
    expect(done).toHaveLength(2);
  });

  it('does not run a job that was cancelled', () => {
    const clock = new ManualClock();
    const done: string[] = [];
    const handle = new JobTimer({ clock }).push(10, () => done.push('a'));
    handle.cancel();
    handle.cancel();
    clock.advance(10);
    expect(done).toEqual([]);
  });

  it('runs the tick of a room that pushes itself again, until it is cleared', () => {
    const clock = new ManualClock();
    const timer = new JobTimer({ clock });
    let ticks = 0;
    const flush = (): void => {
      ticks++;
      timer.push(250, flush);
    };
    timer.push(0, flush);
    clock.advance(1000);
    expect(ticks).toBe(5);
    timer.clear();
    expect(clock.waiting).toBe(0);
  });

  it('reports a job that throws', () => {
    const clock = new ManualClock();
    const errors: unknown[] = [];
    const bug = new Error('a bug in a job');
    new JobTimer({ clock, onError: (error) => errors.push(error) }).push(0, () => {
      throw bug;
    });
    clock.advance(0);
    expect(errors).toEqual([bug]);
  });
});
