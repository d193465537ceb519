/** What cancels a connect: an AbortSignal is one. */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
}

const waiting = new WeakMap<CancelSignal, Set<() => void>>();

/**
 * Calls `onAbort` when `signal` aborts, until the function that it returns is called. It listens to each signal once, however
 * many connects share it: Node warns of a leak from the eleventh listener on, and to remove one of thousands takes a search.
 */
export function whenAborted(signal: CancelSignal, onAbort: () => void): () => void {
  const callbacks = waiting.get(signal) ?? listenTo(signal);
  callbacks.add(onAbort);
  return () => callbacks.delete(onAbort);
}

function listenTo(signal: CancelSignal): Set<() => void> {
  const callbacks = new Set<() => void>();
  waiting.set(signal, callbacks);
  signal.addEventListener('abort', () => {
    for (const callback of callbacks) callback();
  });
  return callbacks;
}
