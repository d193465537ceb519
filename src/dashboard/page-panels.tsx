import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { type HeatMap, heatLabelWidth } from './heat-map.js';
import { type HelpPage, helpTermWidth } from './help.js';
import type { LatencyPage } from './latency-page.js';
import { type LogPage, logTimeWidth } from './log-page.js';
import { rangeText, type Scroll } from './navigation.js';
import type { PacketsPage } from './packets-page.js';
import { Axis, chartColor, Fill, Latency, OwnMetrics, Panel, toneProps } from './panel.js';
import type { TableView } from './table.js';
import type { WorkersPage } from './workers-page.js';

export function PacketsPanels({ page, width }: { page: PacketsPage; width: number }) {
  const { table, note, tableLines, own } = page;
  return (
    <>
      <Panel title="packets" note={scrolledNote(note, table.scroll)} width={width} lines={tableLines}>
        <Table table={table} />
      </Panel>
      {own.length > 0 && <OwnMetrics own={own} width={width} />}
    </>
  );
}

export function LatencyPanels({ page, width }: { page: LatencyPage; width: number }) {
  return (
    <>
      <Latency latency={page.latency} width={width} lines={page.latencyLines} />
      <Panel title={`${page.latency.title}, over the run`} note={page.leftOut} width={width} lines={page.heatLines}>
        {page.heat === null ? <Text dimColor>no reply yet</Text> : <Heat heat={page.heat} />}
      </Panel>
    </>
  );
}

function Heat({ heat }: { heat: HeatMap }) {
  return (
    <>
      {heat.rows.map(({ label, cells }) => (
        <Text key={label} wrap="truncate">
          <Text dimColor>{`${label.padStart(heatLabelWidth - 1)} `}</Text>
          <Text color={chartColor}>{cells}</Text>
        </Text>
      ))}
      <Box paddingLeft={heatLabelWidth} flexDirection="column">
        <Axis ends={heat.axis} />
      </Box>
    </>
  );
}

export function WorkersPanels({ page, width }: { page: WorkersPage; width: number }) {
  const { table, note, tableLines, verdict, reasons, reasonLines } = page;
  return (
    <>
      <Panel title="workers" note={scrolledNote(note, table.scroll)} width={width} lines={tableLines}>
        <Table table={table} />
      </Panel>
      <Panel title="generator" note={verdict.text} width={width} lines={reasonLines}>
        {reasons.map((sentence) => (
          <Text key={sentence} {...toneProps[verdict.tone]}>
            {sentence}
          </Text>
        ))}
      </Panel>
    </>
  );
}

export function LogPanel({ page, width, lines }: { page: LogPage; width: number; lines: number }) {
  return (
    <Panel title="log" note={scrolledNote(page.note, page.scroll)} width={width} lines={lines}>
      {page.lines.length === 0 && <Text dimColor>nothing has happened that is worth a line</Text>}
      {page.lines.map(({ number, time, sign, tone, text }) => (
        <Text key={number} wrap="truncate">
          <Text dimColor>{time.padEnd(logTimeWidth)}</Text>
          <Text {...toneProps[tone]}>{`${sign} `}</Text>
          {text}
        </Text>
      ))}
    </Panel>
  );
}

export function HelpPanel({ page, width, lines }: { page: HelpPage; width: number; lines: number }) {
  return (
    <Panel title="help" note={scrolledNote('', page.scroll)} width={width} lines={lines}>
      {page.lines.map(({ number, term, sentence }) => (
        <Text key={number} wrap="truncate">
          <Text bold>{term.padEnd(helpTermWidth)}</Text>
          {sentence || ' '}
        </Text>
      ))}
    </Panel>
  );
}

function Table({ table }: { table: TableView }) {
  return (
    <>
      <Box>
        <Fill>
          <Text dimColor>{table.head[0]}</Text>
        </Fill>
        <Cells>
          <Text dimColor>{table.head[1]}</Text>
        </Cells>
      </Box>
      {table.rows.map(({ name, tone, cells }) => (
        <Box key={name}>
          <Fill wrap="truncate-middle">
            <Text {...toneProps[tone]}>{name}</Text>
          </Fill>
          <Cells>
            <Text>{cells}</Text>
          </Cells>
        </Box>
      ))}
    </>
  );
}

/** They keep their width, and the name gives way. */
function Cells({ children }: { children: ReactNode }) {
  return <Box flexShrink={0}>{children}</Box>;
}

/** The note, or where there is more to be seen than fits, which lines these are. */
function scrolledNote(note: string, { top, most, page }: Scroll): string {
  return most === 0 ? note : rangeText(top, page, most + page);
}
