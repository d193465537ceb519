import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import type { LatencyView } from './distributions.js';
import type { Fact, Tone } from './facts.js';
import type { OwnMetric } from './own-metrics.js';

/** How a tone looks. */
export const toneProps = {
  plain: {},
  good: { color: 'green' },
  bad: { color: 'red', bold: true },
  warn: { color: 'yellow' },
} as const satisfies Record<Tone, object>;

export const chartColor = 'cyan';

/** A box whose border carries a title on the left and a note on the right; `width` and `lines` are those of its inside. */
export function Panel(props: { title: string; note?: string; width: number; lines: number; children?: ReactNode }) {
  const { title, note = '', width, lines } = props;
  return (
    <Box flexDirection="column" width={width + 4} flexShrink={0}>
      <Text>
        <Text dimColor>╭ </Text>
        <Text bold>{title}</Text>
        <Text dimColor>{borderAfter(title, note, width)}</Text>
      </Text>
      <Box
        flexDirection="column"
        borderStyle="round"
        borderTop={false}
        borderDimColor
        paddingX={1}
        width={width + 4}
        height={lines + 1}
      >
        {props.children}
      </Box>
    </Box>
  );
}

/** The rest of a panel's upper border after its title. The note gives way where there is no room for it. */
function borderAfter(title: string, note: string, width: number): string {
  const room = Math.max(0, width - title.length);
  if (note === '') return ` ${'─'.repeat(room)}╮`;
  const shown = note.length + 3 <= room ? note : `${note.slice(0, Math.max(0, room - 4))}…`;
  return ` ${'─'.repeat(Math.max(0, room - 2 - shown.length))} ${shown} ╮`;
}

/** A cell that ends at its right edge. */
export function Right(props: { width: number; children: ReactNode }) {
  return (
    <Box width={props.width} justifyContent="flex-end" flexShrink={0}>
      {props.children}
    </Box>
  );
}

/** A text that takes what its line has left. Where that is too little its end is cut off, of a name the middle: its end tells it from others. */
export function Fill(props: { wrap?: 'truncate' | 'truncate-middle'; children: ReactNode }) {
  return (
    <Box flexGrow={1} flexShrink={1} minWidth={0}>
      <Text wrap={props.wrap ?? 'truncate'}>{props.children}</Text>
    </Box>
  );
}

/** Facts in one line; a `labelWidth` sets the first one's value under those of the lines above. */
export function Facts({ facts, labelWidth = 0 }: { facts: readonly Fact[]; labelWidth?: number }) {
  return (
    <Text wrap="truncate">
      {facts.map(({ label, value, tone }, index) => (
        <Text key={label}>
          <Text dimColor>{index === 0 ? label.padEnd(labelWidth) : `  ${label}`}</Text>
          <Text {...toneProps[tone]}>{index === 0 && labelWidth > 0 ? value : ` ${value}`}</Text>
        </Text>
      ))}
    </Text>
  );
}

export function Chart({ lines }: { lines: readonly string[] }) {
  return <Text color={chartColor}>{lines.join('\n')}</Text>;
}

/** What stands at the two ends below a chart. */
export function Axis({ ends }: { ends: readonly [string, string] }) {
  return (
    <Box justifyContent="space-between">
      <Text dimColor>{ends[0]}</Text>
      <Text dimColor>{ends[1]}</Text>
    </Box>
  );
}

/** Percentiles above the distribution that they are of. */
export function Latency(props: { latency: LatencyView; width: number; lines: number }) {
  const { title, note, figures, chart, axis } = props.latency;
  const columnWidth = Math.floor(props.width / figures.length);
  return (
    <Panel title={title} note={note} width={props.width} lines={props.lines}>
      <Text dimColor wrap="truncate">
        {figures.map(({ label }) => label.padEnd(columnWidth)).join('')}
      </Text>
      <Text bold wrap="truncate">
        {figures.map(({ value }) => value.padEnd(columnWidth)).join('')}
      </Text>
      <Chart lines={chart} />
      {axis !== null && <Axis ends={axis} />}
    </Panel>
  );
}

/** What bots count and measure, a line each. */
export function OwnMetrics({ own, width }: { own: readonly OwnMetric[]; width: number }) {
  return (
    <Panel title="bots" width={width} lines={own.length}>
      {own.map(({ name, figures }) => (
        <Box key={name}>
          <Fill wrap="truncate-middle">{name}</Fill>
          {figures.map(({ label, value }) => (
            <Right key={label} width={13}>
              <Text>
                <Text dimColor>{label} </Text>
                {value}
              </Text>
            </Right>
          ))}
        </Box>
      ))}
    </Panel>
  );
}
