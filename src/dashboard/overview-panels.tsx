import { Box, Text } from 'ink';
import type { BatchView } from './distributions.js';
import type { ErrorView } from './errors.js';
import type { Fact, PacketFact, RateView } from './facts.js';
import { rateTextWidth, sides } from './layout.js';
import type { OverTimeView, Overview } from './overview.js';
import { Chart, chartColor, Facts, Fill, Latency, OwnMetrics, Panel, Right, toneProps } from './panel.js';
import { columnsOf } from './printable.js';
import type { ThresholdLine } from './threshold-lines.js';

/** What matters most: panels, or plain lines where the terminal is too small for them; then the thresholds. */
export function OverviewPage({ page, width }: { page: Overview; width: number }) {
  return (
    <>
      {page.layout.small ? <Lines page={page} /> : <Panels page={page} width={width} />}
      <Thresholds lines={page.thresholds.lines} width={width + sides - 2} />
    </>
  );
}

function Panels({ page, width }: { page: Overview; width: number }) {
  const { layout } = page;
  const { rateLines, distributionLines, batchLines } = layout;
  return (
    <>
      <Box>
        <Clients facts={page.clients} width={layout.clientsWidth} lines={2 * rateLines} />
        <Rates rates={page.rates} width={layout.ratesWidth} lines={2 * rateLines} />
      </Box>
      <Box>
        <Latency latency={page.latency} width={layout.latencyWidth} lines={distributionLines} />
        {layout.overTimeWidth > 0 && (
          <OverTime overTime={page.overTime} width={layout.overTimeWidth} lines={distributionLines} />
        )}
        <Errors errors={page.errors} width={layout.errorsWidth} lines={distributionLines} />
      </Box>
      <Box>
        <Batches title="packets/receive" batches={page.receives} width={layout.receivesWidth} lines={batchLines} />
        <Batches title="packets/send" batches={page.sends} width={layout.sendsWidth} lines={batchLines} />
        {layout.packetsWidth > 0 && <Packets packets={page.packets} width={layout.packetsWidth} lines={batchLines} />}
      </Box>
      {page.own.length > 0 && <OwnMetrics own={page.own} width={width} />}
    </>
  );
}

function Clients(props: { facts: readonly (readonly Fact[])[]; width: number; lines: number }) {
  return (
    <Panel title="clients" width={props.width} lines={props.lines}>
      {props.facts.slice(0, props.lines).map((line) => (
        <Facts key={line[0]?.label} facts={line} labelWidth={11} />
      ))}
    </Panel>
  );
}

function Rates(props: { rates: readonly RateView[]; width: number; lines: number }) {
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

function OverTime(props: { overTime: OverTimeView; width: number; lines: number }) {
  return (
    <Panel title="p99 of answers" note={props.overTime.note} width={props.width} lines={props.lines}>
      <Chart lines={props.overTime.chart} />
      {props.overTime.leftOut !== '' && <Text dimColor>{props.overTime.leftOut}</Text>}
    </Panel>
  );
}

function Errors(props: { errors: ErrorView; width: number; lines: number }) {
  const { total, lines, empty } = props.errors;
  return (
    <Panel title="errors, whole run" note={total} width={props.width} lines={props.lines}>
      {lines.length === 0 && <Text {...toneProps[empty.tone]}>{empty.text}</Text>}
      {lines.map(({ label, count, message }) => (
        <Box key={label} flexDirection="column">
          <Box gap={1}>
            <Fill wrap="truncate-middle">
              <Text color="red">✗ </Text>
              {label}
            </Fill>
            <Text>{count}</Text>
          </Box>
          {message !== null && (
            <Text dimColor wrap="truncate">
              {`  ${message}`}
            </Text>
          )}
        </Box>
      ))}
    </Panel>
  );
}

function Batches(props: { title: string; batches: BatchView; width: number; lines: number }) {
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

function Packets(props: { packets: readonly PacketFact[]; width: number; lines: number }) {
  return (
    <Panel title="packets, whole run" note="sent, received" width={props.width} lines={props.lines}>
      {props.packets.map(({ name, sent, received }) => (
        <Box key={name}>
          <Fill wrap="truncate-middle">{name}</Fill>
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

/** Before a threshold: a label, a sign and a space. */
const thresholdLabelWidth = 13;
/** What was found is what a threshold is looked at for: its selector gives way, down to this. */
const leastSelectorWidth = 10;

function Thresholds({ lines, width }: { lines: readonly ThresholdLine[]; width: number }) {
  const room = width - thresholdLabelWidth - leastSelectorWidth;
  return (
    <Box flexDirection="column" paddingX={1} flexShrink={0}>
      {lines.map(({ glyph, tone, text, outcome }, index) => (
        <Box key={text}>
          <Box flexShrink={0}>
            <Text>
              <Text dimColor>{(index === 0 ? 'thresholds' : '').padEnd(thresholdLabelWidth - 2)}</Text>
              <Text {...toneProps[tone]}>{glyph} </Text>
            </Text>
          </Box>
          <Box minWidth={0}>
            <Text wrap="truncate-middle">{text}</Text>
          </Box>
          {outcome !== '' && (
            <Box width={Math.max(0, Math.min(columnsOf(outcome) + 2, room))} flexShrink={0}>
              <Text wrap="truncate" {...toneProps[tone]}>{`  ${outcome}`}</Text>
            </Box>
          )}
        </Box>
      ))}
    </Box>
  );
}

/** For a terminal too small for panels: what matters most, a line each. */
function Lines({ page }: { page: Overview }) {
  const { clients, rates, latency, errors } = page;
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
