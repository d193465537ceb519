/** What the user asks of the run: `stop` lets what is under way finish, `abort` does not wait. */
export type Intent = 'stop' | 'abort';

export type KeyAction = 'stop' | 'help';

const ctrlC = '\u0003';

const actions: Readonly<Record<string, KeyAction>> = { q: 'stop', Q: 'stop', [ctrlC]: 'stop', '?': 'help', h: 'help' };

/**
 * Reads what a terminal in raw mode sent: one key, or several where they came at once. Escape sequences (arrows, function keys,
 * pastes) and all other keys mean nothing here.
 */
export function keyActions(chunk: string): KeyAction[] {
  if (chunk.startsWith('\u001b')) return [];
  return [...chunk].flatMap((key) => actions[key] ?? []);
}

export interface KeyHint {
  readonly key: string;
  readonly label: string;
}

/** The keys that do something now, for a frame's last line. Without a keyboard the terminal still sends Ctrl-C. */
export function keyHints(stopping: boolean, keyboard: boolean): KeyHint[] {
  const stop = { key: keyboard ? 'q' : 'Ctrl-C', label: stopping ? 'stop at once' : 'stop' };
  return keyboard ? [stop, { key: '?', label: 'help' }] : [stop];
}
