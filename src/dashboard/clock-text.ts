/** How far a plan is: `00:42 / 01:10`. Of one width while it runs, so that nothing beside it moves. */
export function clockText(planMs: number, totalMs: number): string {
  return `${clock(Math.min(planMs, totalMs))} / ${clock(totalMs)}`;
}

/** `00:42`, `1:02:05`. */
export function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const hours = Math.floor(seconds / 3600);
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, '0'));
  return hours > 0 ? `${hours}:${parts.join(':')}` : parts.join(':');
}
