import { Command, Option } from 'commander';
import { serverModes } from '../control/server-messages.js';
import { oneOf } from './options.js';
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

The socket of a server that was killed is taken over. Ctrl-C closes every session, prints the totals and exits 0.`,
    )
    .action((options) => perform(async () => (await import('../commands/serve.js')).serve(options)));
}
