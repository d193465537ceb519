/** What the dashboard has to show, in the order of the keys 1 to 5. */
export const pageNames = ['overview', 'packets', 'latency', 'workers', 'log'] as const;

export type PageName = (typeof pageNames)[number];
