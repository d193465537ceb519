/** From the target of the stage before (0 for the first) to `target` connected clients, in a straight line over `durationMs`. */
export interface Stage {
  readonly durationMs: number;
  readonly target: number;
}
