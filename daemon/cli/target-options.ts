import { Option, type Command } from 'commander';
import { DEMO_FOLDER, SERVICE_SETTINGS } from './target.ts';

/** Adds the options that say which host a command is for. */
export function withTarget(command: Command): Command {
  return command
    .option(
      '--config <file>',
      `host settings (default: ${SERVICE_SETTINGS}, or where that is missing, your demo in ./${DEMO_FOLDER})`,
    )
    .addOption(
      new Option('--dir <dir>', 'a demo folder: the same as --config DIR/anchord.yaml').conflicts('config'),
    );
}
