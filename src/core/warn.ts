import { toError } from './errors.js';

/** Where an exception has nobody left who could be told, Node prints it as a warning: it must neither vanish nor end the process. */
export function warn(thrown: unknown): void {
  process.emitWarning(toError(thrown));
}
