import { hrtime } from 'node:process';

/** What `setTimer` hands back; cancelling twice, or after it fired, does nothing. */
export interface TimerHandle {
  cancel(): void;
}

/**
 * The one source of time and of waiting. Everything that waits gets a clock handed in, so that tests run on a virtual one.
 */
export interface Clock {
  /** Monotonic time in microseconds. Its origin is shared by all processes of one machine and means nothing else. */
  nowUs(): number;
  /**
   * Whole microseconds since `originUs`, a time on this clock. For what is asked for with every packet: V8 keeps whole numbers below 2³¹
   * (36 minutes) in place, and allocates 16 bytes to return any other.
   */
  sinceUs(originUs: number): number;
  /** Runs `task` once, `delayMs` milliseconds from now or later. */
  setTimer(delayMs: number, task: () => void): TimerHandle;
  /** Runs `task` once, after the I/O that is ready now. */
  setImmediate(task: () => void): TimerHandle;
}

/** The longest that a timer of Node's waits, nearly 25 days; one that is to wait longer fires after a millisecond. */
export const longestTimerMs = 2 ** 31 - 1;

/** The machine's clock: CLOCK_MONOTONIC through `process.hrtime`, which has one origin for all processes of a machine. */
export const systemClock: Clock = {
  nowUs() {
    // Imported: the global `process` is a getter, which costs a quarter of the call.
    const [seconds, nanoseconds] = hrtime();
    return seconds * 1e6 + nanoseconds / 1e3;
  },
  sinceUs(originUs) {
    return Math.floor(systemClock.nowUs() - originUs);
  },
  setTimer(delayMs, task) {
    if (delayMs > longestTimerMs) return setLongTimer(delayMs, task);
    const timer = setTimeout(task, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
  setImmediate(task) {
    const immediate = setImmediate(task);
    return { cancel: () => clearImmediate(immediate) };
  },
};

/** Waits in steps, each as long as a timer can be. */
function setLongTimer(delayMs: number, task: () => void): TimerHandle {
  let step = systemClock.setTimer(longestTimerMs, () => {
    step = systemClock.setTimer(delayMs - longestTimerMs, task);
  });
  return { cancel: () => step.cancel() };
}
