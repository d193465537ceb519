import { Command } from 'commander';
import { presetNames } from '../scenario/framing-presets.js';
import { oneOf, repeatable } from './options.js';
import type { Perform } from './perform.js';

export function packetsCommand(perform: Perform): Command {
  return new Command('packets')
    .description('list the packets of a definition file, explain captured frames, or make TypeScript of it')
    .argument('<file>', 'a PDL file (.xml), a .proto, a YAML file of packets, or a scenario')
    .option('--list', 'ids, names, fields and sizes (what is done where nothing else is asked for)')
    .option('--json', 'the list as JSON')
    .option('--decode <hex>', 'explain frames byte by byte: 0e00 0200 …, 0e:00, 0x0e, or @file')
    .addOption(oneOf(['client', 'server'], '--side <side>', 'who sent the frames, where an id does not tell'))
    .option('--out <folder>', 'write packets.ts there: types, encoders, decoders, a packet manager for each side')
    .addOption(oneOf(presetNames, '--framing <framing>', 'how the frames are cut (default: servercore)'))
    .addOption(
      oneOf(
        ['strict', 'original'],
        '--reading <reading>',
        'original: a PDL file as the original generator misreads it',
      ),
    )
    .addOption(repeatable('--id <name=number>', 'an id by hand'))
    .option('--id-enum <name>', 'the enum of a .proto whose values are the ids (default: MsgId)')
    .option('--id-option <name>', 'the message option of a .proto that holds the id (default: msg_id)')
    .option('--root <folder>', 'of a scenario, as for run')
    .addHelpText(
      'after',
      `
Examples:
  $ swarm packets server.pdl.xml
  $ swarm packets server.pdl.xml --decode '08 00 01 00 02 00 68 00'
  $ swarm packets server.proto --id-enum Opcode --side server \\
      --decode @captured.hex
  $ swarm packets my-scenario.yaml --decode @captured.hex
  $ swarm packets server.pdl.xml --out src/generated

A scenario brings its framing and its ids with it. A frame that does not fit is explained as far as it goes, and the exit code is 104.`,
    )
    .action((file, options) => perform(async () => (await import('../commands/packets.js')).packets(file, options)));
}
