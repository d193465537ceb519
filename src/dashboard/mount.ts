import { constants, setPriority } from 'node:os';
import type { Clock, TimerHandle } from '../core/clock.js';
import { ClientSchedule } from '../load/stages.js';
import type { renderFrame } from './frame.js';
import type { DashboardInput, Surface } from './input.js';
import { type Intent, type KeyAction, keyActions, type Navigation } from './keys.js';
import { firstPlace, navigate, type Place, type Scroll } from './navigation.js';
import { Screen, type TerminalInput, type TerminalOutput } from './screen.js';
import { scrollOfPage, viewOf } from './view.js';

export interface DashboardOptions {
  readonly stdout: TerminalOutput;
  readonly stdin: TerminalInput;
  readonly clock: Clock;
  readonly color: boolean;
  /** False where the locale is not UTF-8. */
  readonly unicode: boolean;
  onIntent(intent: Intent): void;
  /** A frame could not be drawn: the terminal has been given back, and the run goes on without a dashboard. */
  onFailure(error: unknown): void;
}

export interface Dashboard {
  /** Shows these facts, at once or with the next frame. */
  update(input: DashboardInput): void;
  /** Gives the terminal back as it was. Closing twice does nothing. */
  close(): void;
}

/** At most ten frames a second. */
const leastFrameMs = 100;
/**
 * How many times as long as a drawing takes to rest after it. New facts take at most a tenth of the time, on however slow a machine: the
 * load needs the rest. Whoever presses a key waits for the answer.
 */
const restAfter = { facts: 9, user: 1 } as const;

/**
 * Shows a run full screen.
 *
 * Ink lays out and draws each frame to a string, and the screen paints it. Ink's own painter erases upwards from where it believes the
 * cursor to be, and wipes the terminal's history when a window becomes lower than the last frame.
 */
export async function mountDashboard(options: DashboardOptions): Promise<Dashboard> {
  // Both are read at the import. React's development build keeps a performance entry for every frame; what Ink colours with would guess
  // anew whether there is colour, and finds none where CI=false. 1 stands for the 16 colours that every terminal has.
  process.env.NODE_ENV ??= 'production';
  if (options.color) process.env.FORCE_COLOR ??= '1';
  const { renderFrame } = await import('./frame.js');
  return new MountedDashboard(options, renderFrame);
}

class MountedDashboard implements Dashboard {
  readonly #options: DashboardOptions;
  readonly #render: typeof renderFrame;
  readonly #screen: Screen;
  #input: DashboardInput | undefined;
  #place: Place = firstPlace;
  /** Of the last frame. */
  #scroll: Scroll | null = null;
  #stopAsked = false;
  #closed = false;
  /** The next frame, and when it is due. */
  #timer: TimerHandle | undefined;
  #dueUs = 0;
  /** The last frame: when it was drawn, and how long that took. */
  #drawn = { startUs: Number.NEGATIVE_INFINITY, tookUs: 0 };

  constructor(options: DashboardOptions, render: typeof renderFrame) {
    this.#options = options;
    this.#render = render;
    this.#screen = new Screen(options.stdout, options.stdin, options.clock, {
      onKeys: (chunk) => this.#onKeys(chunk),
      onResize: () => this.#drawSoon('user'),
    });
  }

  update(input: DashboardInput): void {
    // Not before the workers are there, who would inherit it.
    if (this.#input?.status === 'starting' && input.status !== 'starting') letOthersGoFirst();
    this.#input = input;
    this.#drawSoon('facts');
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#screen.close();
  }

  #onKeys(chunk: string): void {
    for (const action of keyActions(chunk)) this.#act(action);
  }

  #act(action: KeyAction): void {
    const { onIntent } = this.#options;
    switch (action.kind) {
      case 'quit':
        this.#quit();
        break;
      case 'stop':
        this.#stopAsked = true;
        onIntent({ kind: 'stop' });
        break;
      case 'suspend':
        this.#screen.suspend();
        break;
      case 'pause':
      case 'rate':
        onIntent(action);
        break;
      case 'clientShare':
        this.#changeClients(action.share);
        break;
      default:
        this.#navigate(action);
    }
  }

  #quit(): void {
    const again = this.#stopAsked || this.#input?.status === 'stopping';
    this.#stopAsked = true;
    this.#options.onIntent({ kind: again ? 'abort' : 'stop' });
  }

  /** At least one, more or fewer. */
  #changeClients(share: number): void {
    const { peak } = new ClientSchedule(this.#input?.stages ?? []);
    const by = Math.sign(share) * Math.max(1, Math.round(Math.abs(share) * peak));
    this.#options.onIntent({ kind: 'clients', by });
  }

  #navigate(action: Navigation): void {
    this.#place = navigate(this.#place, action, this.#scroll);
    this.#drawSoon('user');
  }

  #drawSoon(asker: keyof typeof restAfter): void {
    if (this.#closed) return;
    const { startUs, tookUs } = this.#drawn;
    const dueUs = startUs + Math.max(leastFrameMs * 1000, tookUs * (1 + restAfter[asker]));
    if (this.#timer !== undefined && this.#dueUs <= dueUs) return;
    this.#timer?.cancel();
    this.#dueUs = dueUs;
    const { clock } = this.#options;
    const waitMs = (dueUs - clock.nowUs()) / 1000;
    if (waitMs <= 0) this.#draw();
    else this.#timer = clock.setTimer(waitMs, () => this.#draw());
  }

  #draw(): void {
    this.#timer = undefined;
    const input = this.#input;
    if (input === undefined || !this.#screen.isShown) return;
    const { clock, color, unicode, onFailure } = this.#options;
    const { columns, rows, hasKeys } = this.#screen;
    const startUs = clock.nowUs();
    try {
      const surface: Surface = { columns, rows, color, unicode, keys: hasKeys };
      const view = viewOf(input, surface, this.#place);
      this.#scroll = scrollOfPage(view.page);
      this.#screen.paint(this.#render(view, surface));
    } catch (error) {
      this.close();
      onFailure(error);
    }
    this.#drawn = { startUs, tookUs: clock.nowUs() - startUs };
  }
}

/** Where there are fewer cores than processes, those who measure get one before the process that draws. */
function letOthersGoFirst(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // A system that does not allow it shares its cores as before.
  }
}
