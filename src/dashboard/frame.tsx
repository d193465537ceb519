import { stripVTControlCharacters } from 'node:util';
import { Box, renderToString, Spacer } from 'ink';
import { toAscii } from './ascii.js';
import type { Surface } from './input.js';
import {
  Batches,
  Clients,
  Errors,
  Footer,
  Generator,
  Header,
  Help,
  Latency,
  Lines,
  OverTime,
  Packets,
  Rates,
  Thresholds,
} from './panels.js';
import type { View } from './view.js';

/** Draws a view: lines no wider than the surface and fewer than it has rows. Colour and Unicode are taken out where it has none. */
export function renderFrame(view: View, surface: Surface, help: boolean): string {
  const frame = renderToString(<Frame view={view} help={help} />, { columns: surface.columns });
  const colored = surface.color ? frame : stripVTControlCharacters(frame);
  return surface.unicode ? colored : toAscii(colored);
}

function Frame({ view, help }: { view: View; help: boolean }) {
  const { layout } = view;
  return (
    <Box flexDirection="column" width={layout.columns} height={layout.lines}>
      <Header header={view.header} columns={layout.columns} />
      {help ? <Help width={layout.columns - 4} lines={layout.lines - 6} /> : <Body view={view} />}
      <Spacer />
      <Generator facts={view.generator} />
      <Footer message={view.message} keys={view.keys} />
    </Box>
  );
}

function Body({ view }: { view: View }) {
  return (
    <>
      {view.layout.small ? <Lines view={view} /> : <Panels view={view} />}
      <Thresholds lines={view.thresholds} />
    </>
  );
}

function Panels({ view }: { view: View }) {
  const { layout } = view;
  const { rateLines, distributionLines, batchLines } = layout;
  return (
    <>
      <Box>
        <Clients facts={view.clients} width={layout.clientsWidth} lines={2 * rateLines} />
        <Rates rates={view.rates} width={layout.ratesWidth} lines={2 * rateLines} />
      </Box>
      <Box>
        <Latency latency={view.latency} width={layout.latencyWidth} lines={distributionLines} />
        {layout.overTimeWidth > 0 && (
          <OverTime overTime={view.overTime} width={layout.overTimeWidth} lines={distributionLines} />
        )}
        <Errors errors={view.errors} width={layout.errorsWidth} lines={distributionLines} />
      </Box>
      <Box>
        <Batches title="packets/receive" batches={view.receives} width={layout.receivesWidth} lines={batchLines} />
        <Batches title="packets/send" batches={view.sends} width={layout.sendsWidth} lines={batchLines} />
        {layout.packetsWidth > 0 && <Packets packets={view.packets} width={layout.packetsWidth} lines={batchLines} />}
      </Box>
    </>
  );
}
