import { Command, Option } from 'commander';
import { serverModes } from '../control/server-messages.js';
import { oneOf, repeatable } from './options.js';
import type { Perform } from './perform.js';

export function serveCommand(perform: Perform): Command {
  return new Command('serve')
    .description('run the reference server')
    .addOption(oneOf(serverModes, '--mode <mode>', 'what it plays', 'chat'))
    .option('--port <port>', 'the port to listen on; 0: any that is free', '7777')
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .addOption(
      new Option('--unix <path>', 'listen on a Unix socket instead').conflicts([
        'port',
        'host',
        'tlsCert',
        'tlsKey',
        'tlsCa',
      ]),
    )
    .option('--tls-cert <file>', 'speak TLS: the server’s certificate, PEM, its chain behind it')
    .option('--tls-key <file>', 'the key of that certificate, PEM')
    .option('--tls-ca <file>', 'ask clients for a certificate that one of these authorities signed, PEM')
    .option('--flush <time>', 'how often a room sends what has gathered', '250ms')
    .option('--max-connections <n>', 'connections at a time; who comes then is closed at once', '100000')
    .option('--max-packet <size>', 'the largest packet that a client may send', '65535')
    .option('--max-queued <size>', 'what may wait for one client that does not read', '16MiB')
    .option('--idle-timeout <time>', 'how long a session may bring no packet and take none', '1h')
    .option('--handshake-timeout <time>', 'how long a TLS handshake may take', '10s')
    .option('--max-packet-rate <rate>', 'packets that one session may bring', '1000000/s')
    .addOption(repeatable('--fault <fault>', 'how it misbehaves, see below'))
    .option('--seed <n>', 'what the faults draw follows from it', '1')
    .option('--json', 'where it listens, and the totals at the end, as a line of JSON each')
    .addHelpText(
      'after',
      `
Examples:
  $ swarm serve
  $ swarm serve --mode echo --port 0 --json
  $ swarm serve --mode move --host :: --flush 100ms
  $ swarm serve --mode echo --unix /tmp/echo.sock
  $ swarm serve --mode echo --tls-cert server.pem --tls-key server.key

What it says that it listens on is a target:
  $ swarm run echo --target unix:/tmp/echo.sock
  $ swarm run echo --target tls://127.0.0.1:7777 --set tls.insecure=true

A limit may be none. Who meets one is dropped and counted, and a line on stderr says so.

Faults (a reply is any packet that it sends; several faults add up):
  delay 20ms              replies are late; also 5ms..50ms, exponential(20ms), and with mean and deviation normal(20ms, 5ms) and lognormal(20ms, 10ms)
  delay 1s 5%             5 % of them are, and those behind them with them
  stall 1s every 10s      nothing is sent for a second, on any connection
  drop 1%                 replies are lost
  rubbish 1%              replies are random bytes behind their header
  bad-size 1%             replies say that they have 0 bytes
  bad-size 65535 1%       replies say that they have so many
  close 1%, reset 1%      the connection ends in place of a reply
  close-after 100         the same in place of its 101st; reset-after too
  never-read              nothing is read of any connection
  accept-slowly 10/s      connections wait until it is their turn
  die-after 10s           the process kills itself; this and stalls count from the first connection

  $ swarm serve --mode echo --fault 'delay lognormal(20ms, 10ms)' \\
      --fault 'drop 0.1%'

The socket of a server that was killed is taken over. Ctrl-C closes every session, prints the totals and exits 0.`,
    )
    .action((options) => perform(async () => (await import('../commands/serve.js')).serve(options)));
}
