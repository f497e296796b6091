import { Command, CommanderError } from 'commander';
import { version } from '../version.ts';
import { acceptRewriteCommand } from './accept-rewrite.ts';
import { applyCommand } from './apply.ts';
import { auditCommand } from './audit.ts';
import type { CliIo } from './cli-io.ts';
import { demoCommand } from './demo.ts';
import { doctorCommand } from './doctor.ts';
import { eventsCommand } from './events.ts';
import { exitCodeHelp, exitCodes } from './exit-codes.ts';
import { historyCommand } from './history.ts';
import { planCommand } from './plan.ts';
import { policyCommand } from './policy.ts';
import { restoreCommand } from './restore.ts';
import { resumeCommand } from './resume.ts';
import { runCommand } from './run.ts';
import { snapshotsCommand } from './snapshots.ts';
import { statusCommand } from './status.ts';
import { suspendCommand } from './suspend.ts';
import { validateCommand } from './validate.ts';
import { volumeCommand } from './volume.ts';

const HELP = `
Try it, without root and without touching anything outside one folder:
  anchord demo

Every command has --help with examples.
${exitCodeHelp([0, 1, 2, 3, 4, 5, 6, 7])}`;

/** The whole command line. */
export function program(io: CliIo): { parseAsync(argv: readonly string[]): Promise<void> } {
  const anchord = new Command('anchord')
    .description(
      'Describe a storage host in a Git repository and push: the host becomes what the repository says.',
    )
    .version(version, '-V, --version')
    .addHelpText('after', HELP);
  const commands = [
    runCommand,
    demoCommand,
    validateCommand,
    planCommand,
    applyCommand,
    statusCommand,
    historyCommand,
    eventsCommand,
    policyCommand,
    snapshotsCommand,
    restoreCommand,
    volumeCommand,
    acceptRewriteCommand,
    suspendCommand,
    resumeCommand,
    auditCommand,
    doctorCommand,
  ];
  for (const command of commands) anchord.addCommand(command(io));
  configure(anchord, io);
  return {
    async parseAsync(argv) {
      try {
        await anchord.parseAsync([...argv]);
      } catch (error) {
        if (!(error instanceof CommanderError)) throw error;
        io.exit(error.exitCode === 0 ? exitCodes.done : exitCodes.usage);
      }
    },
  };
}

/** Every subcommand writes to our terminal and ends by throwing, so that one place decides the exit status. */
function configure(command: Command, io: CliIo): void {
  command
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout(text), writeErr: (text) => io.stderr(text) });
  command.showSuggestionAfterError().showHelpAfterError('(add --help for what it takes)');
  for (const child of command.commands) configure(child, io);
}
