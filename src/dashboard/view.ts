import { ClientSchedule } from '../load/stages.js';
import { allPrintable } from '../printable.js';
import { clock, clockText } from './clock-text.js';
import { type Fact, generatorFacts, steeringText, type Tone } from './facts.js';
import { type HelpPage, helpPageOf } from './help.js';
import type { DashboardInput, RunStatus, Surface } from './input.js';
import { type KeyHint, keyHints } from './keys.js';
import { type LatencyPage, latencyPageOf } from './latency-page.js';
import { type Layout, layoutOf } from './layout.js';
import { type LogPage, logPageOf } from './log-page.js';
import type { Place, Scroll } from './navigation.js';
import { type Overview, overviewOf } from './overview.js';
import { type PacketsPage, packetsPageOf } from './packets-page.js';
import { pageNames } from './pages.js';
import { type WorkersPage, workersPageOf } from './workers-page.js';

/** Everything a frame shows, as it shows it. */
export interface View {
  readonly layout: Layout;
  readonly header: HeaderView;
  readonly page: Page;
  /** One sentence that matters now; empty where there is none. */
  readonly notice: string;
  readonly generator: readonly Fact[];
  readonly tabs: readonly Tab[];
  readonly keys: readonly KeyHint[];
}

export type Page = Overview | PacketsPage | LatencyPage | WorkersPage | LogPage | HelpPage;

export interface HeaderView {
  readonly title: string;
  readonly target: string;
  /** What was changed by hand; empty where nothing was. */
  readonly steering: string;
  readonly status: string;
  readonly tone: Tone;
  readonly stage: string;
  readonly clock: string;
  /** 0 to 1. */
  readonly progress: number;
  readonly left: string;
}

export interface Tab {
  readonly key: string;
  readonly label: string;
  readonly active: boolean;
}

/** Makes a frame's content from the run's facts, the terminal's size and where the user is. Pure; texts from elsewhere are made printable. */
export function viewOf(input: DashboardInput, surface: Surface, place: Place): View {
  const notice = input.events.at(-1)?.message ?? '';
  const layout = layoutOf(surface, notice !== '');
  const schedule = new ClientSchedule(input.stages);
  const page = pageOf(input, schedule, layout, place);
  const scroll = scrollOfPage(page);
  return allPrintable<View>({
    layout,
    header: headerOf(input, schedule),
    page,
    notice,
    generator: generatorFacts(input.totals, input.workers.length),
    tabs: pageNames.map((name, i) => ({ key: `${i + 1}`, label: name, active: page.kind === name })),
    keys: keyHints({
      keyboard: surface.keys,
      stopping: input.status === 'stopping',
      paused: input.steering?.paused ?? null,
      sorts: page.kind === 'packets',
      scrolls: scroll !== null && scroll.most > 0,
    }),
  });
}

function pageOf(input: DashboardInput, schedule: ClientSchedule, layout: Layout, place: Place): Page {
  const { pageWidth, pageLines } = layout;
  if (place.help) return helpPageOf(input.steering !== undefined, place, pageWidth, pageLines);
  switch (place.page) {
    case 'overview':
      return overviewOf(input, schedule, layout, place);
    case 'packets':
      return packetsPageOf(input.totals, place, pageWidth, pageLines);
    case 'latency':
      return latencyPageOf(input, schedule.totalMs, pageWidth, pageLines);
    case 'workers':
      return workersPageOf(input, place, pageWidth, pageLines);
    case 'log':
      return logPageOf(input, place, pageWidth, pageLines);
  }
}

/** What of the page's list stands on the screen; null where it has none. */
export function scrollOfPage(page: Page): Scroll | null {
  switch (page.kind) {
    case 'overview':
      return page.thresholds.scroll;
    case 'latency':
      return null;
    case 'packets':
    case 'workers':
      return page.table.scroll;
    case 'log':
    case 'help':
      return page.scroll;
  }
}

const tones: Readonly<Record<RunStatus, Tone>> = {
  starting: 'plain',
  connecting: 'plain',
  running: 'good',
  draining: 'plain',
  stopping: 'warn',
  done: 'good',
};

function headerOf(input: DashboardInput, schedule: ClientSchedule): HeaderView {
  const { planMs, stages, status } = input;
  const { totalMs } = schedule;
  const stage = schedule.stageAt(planMs);
  const warmingUp = status === 'running' && input.warmupMs > 0 && input.totals.measuredMs === 0;
  return {
    title: input.title,
    target: input.target,
    steering: input.steering === undefined ? '' : steeringText(input.steering),
    status: warmingUp ? 'warm-up' : status,
    tone: tones[status],
    stage: stage === undefined ? '' : `stage ${stage.index + 1}/${stages.length} ${stage.direction}`,
    clock: clockText(planMs, totalMs),
    progress: totalMs > 0 ? Math.min(1, planMs / totalMs) : 0,
    // Rounded as the clock beside it: the two always add up to the whole.
    left: `${clock(totalMs - Math.floor(Math.min(planMs, totalMs) / 1000) * 1000)} left`,
  };
}
