import type { Command } from 'commander';

/** Adds the options that say which host a command is for. */
export function withTarget(command: Command): Command {
  return command
    .option(
      '--config <file>',
      'host settings (default: the demo in this folder, else /etc/anchord/anchord.yaml)',
    )
    .option('--dir <dir>', 'a demo folder: the same as --config DIR/anchord.yaml');
}
