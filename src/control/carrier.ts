/**
 * How messages travel between the coordinator and one worker. In order, whole, at most once; `onClose` comes once, after the last
 * message. Node's IPC is the one there is; anything that keeps these promises can take its place.
 */
export interface Carrier<Outgoing, Incoming> {
  send(message: Outgoing): void;
  onMessage(handler: (message: Incoming) => void): void;
  onClose(handler: () => void): void;
  /** Closes the channel; a process at the other end that lives by it ends. */
  close(): void;
}
