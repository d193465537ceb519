import { Box, Text } from 'ink';
import { progressBar } from './chart.js';
import type { BatchView, LatencyView } from './distributions.js';
import type { ErrorView, Fact, PacketFact, RateView } from './facts.js';
import { helpLines } from './help.js';
import type { KeyHint } from './keys.js';
import { rateTextWidth } from './layout.js';
import { Chart, chartColor, Facts, Fill, Panel, Right, toneProps } from './panel.js';
import type { ThresholdLine } from './threshold-lines.js';
import type { HeaderView, View } from './view.js';

export function Header({ header, columns }: { header: HeaderView; columns: number }) {
  const percent = `${Math.floor(header.progress * 100)} %`.padStart(5);
  const barWidth = Math.max(0, columns - header.clock.length - percent.length - 4);
  return (
    <Box flexDirection="column" paddingX={1} height={2} flexShrink={0}>
      <Box gap={2}>
        <Fill>
          <Text bold color={chartColor}>
            swarm
          </Text>
          <Text dimColor> ▸ </Text>
          <Text bold>{header.title}</Text>
          <Text dimColor> → {header.target}</Text>
        </Fill>
        <Box gap={2} flexShrink={0}>
          <Text dimColor>{header.stage}</Text>
          <Text {...toneProps[header.tone]}>{header.status}</Text>
        </Box>
      </Box>
      <Text wrap="truncate">
        {header.clock} <Text color={chartColor}>{progressBar(header.progress, barWidth)}</Text>
        {percent}
      </Text>
    </Box>
  );
}

export function Clients(props: { facts: readonly (readonly Fact[])[]; width: number; lines: number }) {
  return (
    <Panel title="clients" width={props.width} lines={props.lines}>
      {props.facts.slice(0, props.lines).map((line) => (
        <Facts key={line[0]?.label} facts={line} labelWidth={11} />
      ))}
    </Panel>
  );
}

export function Rates(props: { rates: readonly RateView[]; width: number; lines: number }) {
  return (
    <Panel title="per second" note="packets, bytes" width={props.width} lines={props.lines}>
      {props.rates.map((rate) => (
        <Box key={rate.label}>
          <Box width={rateTextWidth} flexShrink={0}>
            <Text>
              <Text dimColor>{rate.label.padEnd(8)}</Text>
              {`${rate.packets.padStart(9)} ${rate.bytes.padStart(12)}`}
            </Text>
          </Box>
          <Chart lines={rate.chart} />
        </Box>
      ))}
    </Panel>
  );
}

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
      {axis !== null && (
        <Box justifyContent="space-between">
          <Text dimColor>{axis[0]}</Text>
          <Text dimColor>{axis[1]}</Text>
        </Box>
      )}
    </Panel>
  );
}

export function OverTime(props: { overTime: View['overTime']; width: number; lines: number }) {
  return (
    <Panel title="p99 over time" note={props.overTime.note} width={props.width} lines={props.lines}>
      <Chart lines={props.overTime.chart} />
    </Panel>
  );
}

export function Errors(props: { errors: ErrorView; width: number; lines: number }) {
  const { total, lines } = props.errors;
  return (
    <Panel title="errors" note={total} width={props.width} lines={props.lines}>
      {lines.length === 0 && <Text color="green">✓ none</Text>}
      {lines.map(({ label, count }) => (
        <Box key={label} gap={1}>
          <Fill>
            <Text color="red">✗ </Text>
            {label}
          </Fill>
          <Text>{count}</Text>
        </Box>
      ))}
    </Panel>
  );
}

export function Batches(props: { title: string; batches: BatchView; width: number; lines: number }) {
  const { note, buckets } = props.batches;
  const gap = props.lines >= 2 * buckets.length - 1 ? '\n\n' : '\n';
  return (
    <Panel title={props.title} note={note} width={props.width} lines={props.lines}>
      <Text>
        {buckets.map(({ label, bar, share }, index) => (
          <Text key={label}>
            {index > 0 && gap}
            <Text dimColor>{label.padStart(5)} </Text>
            <Text color={chartColor}>{bar}</Text>
            {share.padStart(6)}
          </Text>
        ))}
      </Text>
    </Panel>
  );
}

export function Packets(props: { packets: readonly PacketFact[]; width: number; lines: number }) {
  return (
    <Panel title="packets" note="sent, received" width={props.width} lines={props.lines}>
      {props.packets.map(({ name, sent, received }) => (
        <Box key={name}>
          <Fill>{name}</Fill>
          <Right width={11}>
            <Text>{sent}</Text>
          </Right>
          <Right width={11}>
            <Text>{received}</Text>
          </Right>
        </Box>
      ))}
    </Panel>
  );
}

export function Thresholds({ lines }: { lines: readonly ThresholdLine[] }) {
  return (
    <Box flexDirection="column" paddingX={1} flexShrink={0}>
      {lines.map(({ glyph, tone, text, outcome }, index) => (
        <Text key={text} wrap="truncate">
          <Text dimColor>{(index === 0 ? 'thresholds' : '').padEnd(11)}</Text>
          <Text {...toneProps[tone]}>{glyph} </Text>
          {text}
          <Text {...toneProps[tone]}>{`  ${outcome}`}</Text>
        </Text>
      ))}
    </Box>
  );
}

export function Generator({ facts }: { facts: readonly Fact[] }) {
  return (
    <Box paddingX={1} height={1} flexShrink={0}>
      <Text wrap="truncate">
        <Text dimColor>{'generator '}</Text>
        <Facts facts={facts} />
      </Text>
    </Box>
  );
}

export function Footer({ message, keys }: { message: string; keys: readonly KeyHint[] }) {
  return (
    <Box paddingX={1} gap={2} height={1} flexShrink={0}>
      <Fill>
        <Text color="yellow">{message}</Text>
      </Fill>
      {keys.map(({ key, label }) => (
        <Text key={key}>
          <Text bold>{key}</Text> <Text dimColor>{label}</Text>
        </Text>
      ))}
    </Box>
  );
}

export function Help(props: { width: number; lines: number }) {
  return (
    <Panel title="help" width={props.width} lines={props.lines}>
      {helpLines.slice(0, props.lines).map(([term, sentence]) => (
        <Text key={term} wrap="truncate">
          <Text bold>{term.padEnd(16)}</Text>
          {sentence}
        </Text>
      ))}
    </Panel>
  );
}

/** For a terminal too small for panels: what matters most, a line each. */
export function Lines({ view }: { view: View }) {
  const { clients, rates, latency, errors } = view;
  const errorText = errors.lines.map(({ label, count }) => `${label} ${count}`).join(', ');
  return (
    <Box flexDirection="column" paddingX={1} flexShrink={0}>
      {clients.slice(0, 2).map((facts) => (
        <Facts key={facts[0]?.label} facts={facts} labelWidth={14} />
      ))}
      {rates.map(({ label, packets, bytes }) => (
        <Labelled key={label} label={label} value={`${packets} packets, ${bytes} a second`} />
      ))}
      <Labelled
        label={latency.title}
        value={latency.figures.map(({ label, value }) => `${label} ${value}`).join('  ')}
      />
      <Labelled label="errors" value={`${errors.total}  ${errorText}`} />
    </Box>
  );
}

function Labelled({ label, value }: { label: string; value: string }) {
  return (
    <Text wrap="truncate">
      <Text dimColor>{label.padEnd(14)}</Text>
      {value}
    </Text>
  );
}
