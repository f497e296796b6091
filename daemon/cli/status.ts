import { Command } from 'commander';
import type { CliIo } from './cli-io.ts';
import { exitCodeHelp, exitCodes } from './exit-codes.ts';
import { statusLines } from './status-lines.ts';
import type { TargetOptions } from './target.ts';
import { withTarget } from './target-options.ts';
import { withControl } from './with-control.ts';

const HELP = `
Examples:
  anchord status
  anchord status --json
  anchord status --check && echo all is well
${exitCodeHelp([0, 1, 2])}`;

const NO_DAEMON = 'No daemon is running. When it ended, this was so:';

interface StatusOptions extends TargetOptions {
  readonly json?: boolean;
  readonly check?: boolean;
}

/** `anchord status`: what is. */
export function statusCommand(io: CliIo): Command {
  return withTarget(new Command('status'))
    .description('what is: one sentence, then conditions, volumes, policies and what is not in sync')
    .option('--json', 'the same as status.json on the status branch')
    .option('--check', 'exit 1 unless a daemon runs and its condition Ready is True')
    .addHelpText('after', HELP)
    .action((options: StatusOptions) =>
      withControl(io, { target: options, alone: 'works-alone' }, async ({ control, daemonRuns }) => {
        const { status } = await control.status();
        const text = daemonRuns ? '' : `${NO_DAEMON}\n\n`;
        io.stdout(
          options.json === true
            ? `${JSON.stringify(status, null, 2)}\n`
            : text + statusLines(status, io).join('\n'),
        );
        // What was said last proves nothing once nobody is there to say otherwise.
        const ready = daemonRuns && status.conditions.find(({ type }) => type === 'Ready')?.status === 'True';
        return options.check === true && !ready ? exitCodes.failed : exitCodes.done;
      }),
    );
}
