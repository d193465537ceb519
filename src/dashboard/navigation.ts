import type { Navigation } from './keys.js';
import { type PageName, pageNames } from './pages.js';

/** What of a list stands on the screen. */
export interface Scroll {
  /** The first line shown. */
  readonly top: number;
  /** The last line that can be the first. */
  readonly most: number;
  /** How many lines are shown. */
  readonly page: number;
}

export interface Sort {
  /** Counts the table's columns from 0. */
  readonly column: number;
  readonly descending: boolean;
}

/** Where the user is. */
export interface Place {
  readonly page: PageName;
  readonly help: boolean;
  /** Of the table of packets. */
  readonly sort: Sort;
  /** The first line shown of what can be scrolled; infinite where its end is followed. */
  readonly tops: Readonly<Record<PageName | 'help', number>>;
}

/** How many columns the table of packets has, of which the first holds the names. */
export const packetColumns = 8;
const bytesColumn = 3;

export const firstPlace: Place = {
  page: 'overview',
  help: false,
  sort: { column: bytesColumn, descending: true },
  tops: { overview: 0, packets: 0, latency: 0, workers: 0, log: Number.POSITIVE_INFINITY, help: 0 },
};

/** Where a key leads. `shown`: what of the present list stands on the screen; null where it has none. */
export function navigate(place: Place, action: Navigation, shown: Scroll | null): Place {
  switch (action.kind) {
    case 'help':
      return { ...place, help: !place.help };
    case 'closeHelp':
      return { ...place, help: false };
    case 'page':
      return { ...place, help: false, page: action.page };
    case 'turn': {
      const next = pageNames.indexOf(place.page) + action.by + pageNames.length;
      return { ...place, help: false, page: pageNames[next % pageNames.length]! };
    }
    case 'sort': {
      if (place.page !== 'packets') return place;
      const column = (place.sort.column + action.by + packetColumns) % packetColumns;
      // Names are looked for from A, numbers from the highest.
      return { ...place, sort: { column, descending: column !== 0 } };
    }
    case 'reverse':
      return { ...place, sort: { ...place.sort, descending: !place.sort.descending } };
    case 'scroll':
      return shown === null ? place : scrolled(place, action.to, shown);
  }
}

function scrolled(place: Place, to: Extract<Navigation, { kind: 'scroll' }>['to'], shown: Scroll): Place {
  const { top, most, page } = shown;
  const wanted = { up: top - 1, down: top + 1, pageUp: top - page, pageDown: top + page, home: 0, end: most }[to];
  const list = place.help ? 'help' : place.page;
  // Whoever is at the end of the log wants to see what is added.
  const next = list === 'log' && wanted >= most ? Number.POSITIVE_INFINITY : Math.min(most, Math.max(0, wanted));
  return { ...place, tops: { ...place.tops, [list]: next } };
}

/** What of a list of so many lines is shown where `page` fit. */
export function scrollOf(length: number, page: number, top: number): Scroll {
  const most = Math.max(0, length - page);
  return { top: Math.min(most, top), most, page };
}

/** Which lines of a list are shown, counted from 1. */
export function rangeText(top: number, page: number, length: number): string {
  return page === 1 ? `${top + 1} of ${length}` : `${top + 1}–${top + page} of ${length}`;
}
