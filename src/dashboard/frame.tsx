import { stripVTControlCharacters } from 'node:util';
import { Box, renderToString, Spacer, Text } from 'ink';
import { toAscii } from './ascii.js';
import { Footer, Generator, Header, Notice } from './edges.js';
import type { Surface } from './input.js';
import { border, type Layout } from './layout.js';
import { OverviewPage } from './overview-panels.js';
import { HelpPanel, LatencyPanels, LogPanel, PacketsPanels, WorkersPanels } from './page-panels.js';
import type { Page, View } from './view.js';

/** Draws a view: lines no wider than the surface and fewer than it has rows. Colour and Unicode are taken out where it has none. */
export function renderFrame(view: View, surface: Surface): string {
  const frame = renderToString(<Frame view={view} />, { columns: surface.columns });
  const colored = surface.color ? frame : stripVTControlCharacters(frame);
  return surface.unicode ? colored : toAscii(colored);
}

function Frame({ view }: { view: View }) {
  const { layout } = view;
  return (
    <Box flexDirection="column" width={layout.columns} height={layout.lines} overflow="hidden">
      <Header header={view.header} columns={layout.columns} />
      <Box flexDirection="column" height={layout.pageLines} overflow="hidden">
        <PagePanels page={view.page} layout={layout} />
      </Box>
      <Spacer />
      {view.notice !== '' && <Notice text={view.notice} />}
      <Generator facts={view.generator} columns={layout.columns} />
      <Footer tabs={view.tabs} keys={view.keys} columns={layout.columns} />
    </Box>
  );
}

function PagePanels({ page, layout }: { page: Page; layout: Layout }) {
  const { pageWidth: width, pageLines } = layout;
  const lines = Math.max(0, pageLines - border);
  if (page.kind !== 'overview' && pageLines <= border) return <TooLow kind={page.kind} />;
  switch (page.kind) {
    case 'overview':
      return <OverviewPage page={page} width={width} />;
    case 'packets':
      return <PacketsPanels page={page} width={width} />;
    case 'latency':
      return <LatencyPanels page={page} width={width} />;
    case 'workers':
      return <WorkersPanels page={page} width={width} />;
    case 'log':
      return <LogPanel page={page} width={width} lines={lines} />;
    case 'help':
      return <HelpPanel page={page} width={width} lines={lines} />;
  }
}

function TooLow({ kind }: { kind: Page['kind'] }) {
  return <Text dimColor wrap="truncate">{` no room for ${kind} here`}</Text>;
}
