import { Argument, Command } from 'commander';
import { shells } from '../completion/shells.js';
import type { Perform } from './perform.js';

export function completionCommand(perform: Perform, program: Command): Command {
  return new Command('completion')
    .description('print a script that completes commands, options, scenarios and files in your shell')
    .addArgument(new Argument('<shell>', 'your shell').choices(shells))
    .addHelpText(
      'after',
      `
Examples:
  $ source <(swarm completion bash)            in ~/.bashrc
  $ source <(swarm completion zsh)             in ~/.zshrc, behind compinit
  $ swarm completion fish | source             in ~/.config/fish/config.fish`,
    )
    .action((shell) => perform(async () => (await import('../commands/completion.js')).completion(shell, program)));
}
