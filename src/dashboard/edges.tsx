import { Box, Text } from 'ink';
import { progressBar } from './chart.js';
import type { Fact } from './facts.js';
import type { KeyHint } from './keys.js';
import { chartColor, Facts, Fill, toneProps } from './panel.js';
import type { HeaderView, Tab } from './view.js';

/** What stands above every page. */
export function Header({ header, columns }: { header: HeaderView; columns: number }) {
  const percent = `${Math.floor(header.progress * 100)} %`.padStart(5);
  const barWidth = Math.max(0, columns - header.clock.length - percent.length - header.left.length - 6);
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
          {header.steering !== '' && <Text {...toneProps.warn}>{header.steering}</Text>}
          <Text dimColor>{header.stage}</Text>
          <Text {...toneProps[header.tone]}>{header.status}</Text>
        </Box>
      </Box>
      <Text wrap="truncate">
        {header.clock} <Text color={chartColor}>{progressBar(header.progress, barWidth)}</Text>
        {percent}
        <Text dimColor>{`  ${header.left}`}</Text>
      </Text>
    </Box>
  );
}

/** One sentence that matters now. */
export function Notice({ text }: { text: string }) {
  return (
    <Box paddingX={1} height={1} flexShrink={0}>
      <Text wrap="truncate" {...toneProps.warn}>{`! ${text}`}</Text>
    </Box>
  );
}

/** As many facts as fit whole, the most important first. */
export function Generator({ facts, columns }: { facts: readonly Fact[]; columns: number }) {
  const label = 'generator ';
  const shown = fitting(facts, columns - label.length, (fact) => fact.label.length + fact.value.length + 3);
  return (
    <Box paddingX={1} height={1} flexShrink={0}>
      <Text wrap="truncate">
        <Text dimColor>{label}</Text>
        <Facts facts={shown} />
      </Text>
    </Box>
  );
}

/** The pages, and the keys that do something now: as many as fit whole. */
export function Footer(props: { tabs: readonly Tab[]; keys: readonly KeyHint[]; columns: number }) {
  const { tabs, columns } = props;
  const tabsWidth = tabs.reduce((sum, { key, label }) => sum + key.length + label.length + 3, 0);
  const keys = fitting(props.keys, columns - tabsWidth, ({ key, label }) => key.length + label.length + 3);
  return (
    <Box height={1} paddingRight={1} justifyContent="space-between" flexShrink={0}>
      <Fill>
        {tabs.map(({ key, label, active }) =>
          active ? (
            <Text key={key} bold color={chartColor}>{`[${key} ${label}]`}</Text>
          ) : (
            <Text key={key}>
              {` ${key} `}
              <Text dimColor>{`${label} `}</Text>
            </Text>
          ),
        )}
      </Fill>
      <Box gap={2} flexShrink={0}>
        {keys.map(({ key, label }) => (
          <Text key={key}>
            <Text bold>{key}</Text> <Text dimColor>{label}</Text>
          </Text>
        ))}
      </Box>
    </Box>
  );
}

/** What of a list fits whole into `width`, in its order, and the first of it always. */
function fitting<T>(parts: readonly T[], width: number, widthOf: (part: T) => number): T[] {
  let room = width;
  return parts.filter((part, index) => {
    room -= widthOf(part);
    return index === 0 || room >= 0;
  });
}
