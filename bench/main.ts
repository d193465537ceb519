import { existsSync, symlinkSync } from 'node:fs';
import { parseArgs } from 'node:util';
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

// npm run bench -- [row …] [--rounds n] [--beside folder]
// `--beside` names another copy of bench/dist, made from other sources, that takes turns with this one: before against after.

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

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '5' }, beside: { type: 'string' } },
});
const unknown = names.filter((name) => !rows.some((row) => row.name === name));
if (unknown.length > 0) {
  console.error(`no row ${unknown.join(', ')}; the rows are ${rows.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const builds: Build[] = [{ name: subject, folder: thisBuild }];
if (options.beside !== undefined) builds.push({ name: 'beside', folder: `${options.beside.replace(/\/$/, '')}/` });
for (const { folder } of builds) {
  // What ships beside the compiled tool, and is looked for there.
  if (!existsSync(`${folder}scenarios`)) symlinkSync(`${packageFolder}scenarios`, `${folder}scenarios`);
}
const yardstick = Yardstick.compile();
if (yardstick === null) console.log('No C compiler: nothing is compared with the kernel’s floor.');

for (const row of rows) {
  if (names.length > 0 && !names.includes(row.name)) continue;
  try {
    console.log(render(await measure(row, { yardstick, builds }, Number(options.rounds))));
  } catch (error) {
    console.log(`\n${row.name}: ${row.what}\n  could not be measured: ${String(error)}`);
    process.exitCode = 1;
  }
}
