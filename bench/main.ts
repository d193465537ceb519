import { existsSync, symlinkSync } from 'node:fs';
import { Argument } from 'commander';
import { positive, tool } from '../test/support/tool.js';
import { measure, render } from './harness/measure.js';
import { packageFolder, thisBuild } from './harness/paths.js';
import { type Build, type Row, subject } from './harness/row.js';
import { Yardstick } from './harness/yardstick.js';
import { broadcast, receive } from './rows/broadcasts.js';
import { connects } from './rows/connects.js';
import { dashboard } from './rows/dashboard.js';
import { decode, encode, formats, formatsRead, formatsReceive, read } from './rows/formats.js';
import { allocation, idle } from './rows/memory.js';
import { recording } from './rows/recording.js';
import { openLoop, pipelined, roundTrip } from './rows/round-trips.js';
import { firstPacket, version } from './rows/startup.js';

const rows: readonly Row[] = [
  roundTrip,
  pipelined,
  openLoop,
  receive,
  broadcast,
  allocation,
  idle,
  connects,
  recording,
  formats,
  formatsRead,
  formatsReceive,
  encode,
  decode,
  read,
  dashboard,
  version,
  firstPacket,
];

const program = tool('npm run bench --')
  .description('Measures the budgets of bench/README.md, in turns with what they are compared with.')
  .addArgument(new Argument('[row...]', 'which; all of them by default').choices(rows.map(({ name }) => name)))
  .option('--rounds <number>', 'how often each contender is measured', positive, 5)
  .option('--beside <folder>', 'a copy of bench/dist, made from other sources, that takes turns with this one')
  .parse();
const names = program.args;
const { rounds, beside } = program.opts<{ readonly rounds: number; readonly beside?: string }>();

const builds: Build[] = [{ name: subject, folder: thisBuild }];
if (beside !== undefined) builds.push({ name: 'beside', folder: `${beside.replace(/\/$/, '')}/` });
for (const { folder } of builds) {
  // What ships beside the compiled tool, and is looked for there.
  if (!existsSync(`${folder}scenarios`)) symlinkSync(`${packageFolder}scenarios`, `${folder}scenarios`);
}
const yardstick = Yardstick.compile();
if (yardstick === null) console.log('No C compiler: nothing is compared with the kernel’s floor.');

for (const row of rows) {
  if (names.length > 0 && !names.includes(row.name)) continue;
  try {
    console.log(render(await measure(row, { yardstick, builds }, rounds)));
  } catch (error) {
    console.log(`\n${row.name}: ${row.what}\n  could not be measured: ${String(error)}`);
    process.exitCode = 1;
  }
}
