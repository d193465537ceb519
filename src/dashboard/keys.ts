import { type PageName, pageNames } from './pages.js';

/** What the user asks of the run: `stop` lets what is under way finish, `abort` does not wait. */
export type Intent =
  | { readonly kind: 'stop' }
  | { readonly kind: 'abort' }
  /** Stop sending, or go on. */
  | { readonly kind: 'pause' }
  /** Multiply the present rate of sends. */
  | { readonly kind: 'rate'; readonly factor: number }
  /** That many clients more, or fewer. */
  | { readonly kind: 'clients'; readonly by: number };

/** What the user asks of the dashboard: another page, another line, another order. */
export type Navigation =
  | { readonly kind: 'help' | 'closeHelp' | 'reverse' }
  | { readonly kind: 'page'; readonly page: PageName }
  | { readonly kind: 'turn' | 'sort'; readonly by: 1 | -1 }
  | { readonly kind: 'scroll'; readonly to: 'up' | 'down' | 'pageUp' | 'pageDown' | 'home' | 'end' };

export type KeyAction =
  /** `quit`: the first time stops, the second aborts. */
  | { readonly kind: 'quit' | 'stop' }
  /** Leave the terminal to the shell; the run goes on. */
  | { readonly kind: 'suspend' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'rate'; readonly factor: number }
  /** Clients, as a share of the plan's. */
  | { readonly kind: 'clientShare'; readonly share: number }
  | Navigation;

const actions: ReadonlyMap<string, KeyAction> = new Map<string, KeyAction>([
  ['q', { kind: 'quit' }],
  ['Q', { kind: 'quit' }],
  ['\u0003', { kind: 'quit' }],
  ['s', { kind: 'stop' }],
  ['\u001a', { kind: 'suspend' }],
  ['p', { kind: 'pause' }],
  ['+', { kind: 'rate', factor: 1.25 }],
  ['=', { kind: 'rate', factor: 1.25 }],
  ['-', { kind: 'rate', factor: 0.8 }],
  ['c', { kind: 'clientShare', share: 0.1 }],
  ['C', { kind: 'clientShare', share: -0.1 }],
  ['?', { kind: 'help' }],
  ['h', { kind: 'help' }],
  ['\u001b', { kind: 'closeHelp' }],
  ...pageNames.map((page, index): [string, KeyAction] => [`${index + 1}`, { kind: 'page', page }]),
  ['\t', { kind: 'turn', by: 1 }],
  ['\u001b[Z', { kind: 'turn', by: -1 }],
  ['r', { kind: 'reverse' }],
  ...arrow('A', { kind: 'scroll', to: 'up' }),
  ...arrow('B', { kind: 'scroll', to: 'down' }),
  ...arrow('C', { kind: 'sort', by: 1 }),
  ...arrow('D', { kind: 'sort', by: -1 }),
  ...arrow('H', { kind: 'scroll', to: 'home' }),
  ...arrow('F', { kind: 'scroll', to: 'end' }),
  ['\u001b[1~', { kind: 'scroll', to: 'home' }],
  ['\u001b[4~', { kind: 'scroll', to: 'end' }],
  ['\u001b[5~', { kind: 'scroll', to: 'pageUp' }],
  ['\u001b[6~', { kind: 'scroll', to: 'pageDown' }],
  ['k', { kind: 'scroll', to: 'up' }],
  ['j', { kind: 'scroll', to: 'down' }],
  [' ', { kind: 'scroll', to: 'pageDown' }],
]);

/** Terminals send such keys in one of two forms (ECMA-48, and "application mode"). */
function arrow(letter: string, action: KeyAction): [string, KeyAction][] {
  return [
    [`\u001b[${letter}`, action],
    [`\u001bO${letter}`, action],
  ];
}

/** A pasted text, an escape sequence, one that is not complete, or a letter. */
const keyPattern =
  /\u001b\[200~.*?(?:\u001b\[201~|$)|\u001b\[[0-9;]*[A-Za-z~]|\u001bO[A-Za-z]|\u001b(?:\[[0-9;]*|O)$|\u001b[^[O]|./gsu;

/** Reads what a terminal in raw mode sent: one key, or several where they came at once. Keys without a meaning are passed over. */
export function keyActions(chunk: string): KeyAction[] {
  return (chunk.match(keyPattern) ?? []).flatMap((key) => actions.get(key) ?? []);
}

export interface KeyHint {
  readonly key: string;
  readonly label: string;
}

/** What the hints depend on. */
export interface KeySituation {
  /** Whether keys reach the dashboard: without a keyboard the terminal still sends Ctrl-C. */
  readonly keyboard: boolean;
  readonly stopping: boolean;
  /** Null where the run cannot be steered. */
  readonly paused: boolean | null;
  readonly sorts: boolean;
  readonly scrolls: boolean;
}

/** The keys that do something now, the most important first: a narrow terminal leaves the last ones out. */
export function keyHints({ keyboard, stopping, paused, sorts, scrolls }: KeySituation): KeyHint[] {
  const stop = { key: keyboard ? 'q' : 'Ctrl-C', label: stopping ? 'stop at once' : 'stop' };
  if (!keyboard) return [stop];
  return [
    stop,
    { key: '?', label: 'help' },
    ...(sorts ? [{ key: '←→', label: 'sort' }] : []),
    ...(paused === null ? [] : [{ key: 'p', label: paused ? 'go on' : 'pause' }]),
    ...(scrolls ? [{ key: '↑↓', label: 'scroll' }] : []),
    ...(paused === null ? [] : [{ key: '+−', label: 'rate' }]),
  ];
}
