import { Command } from 'commander';
import { visibleText } from '../page/visible-text.ts';
import { suspendedFault } from '../suspension.ts';
import type { CliIo } from './cli-io.ts';
import { exitCodeHelp, exitCodes } from './exit-codes.ts';
import type { TargetOptions } from './target.ts';
import { withTarget } from './target-options.ts';
import { refuseWith, withControl } from './with-control.ts';

const HELP = `
The daemon looks at the branch and at the host at once. Each policy that missed
runs meanwhile is caught up by one.

Example:
  anchord resume
${exitCodeHelp([0, 1, 2])}`;

/** `anchord resume`: ends what `anchord suspend` began. */
export function resumeCommand(io: CliIo): Command {
  return withTarget(new Command('resume'))
    .description('go on after suspend')
    .option('--json', 'the same for machines')
    .addHelpText('after', HELP)
    .action((options: TargetOptions & { readonly json?: boolean }) =>
      withControl(io, { target: options, alone: 'works-alone' }, async ({ control, daemonRuns }) => {
        const answer = await control.resume();
        if (answer.kind === 'refused') return refuseWith(io, answer);
        const { was } = answer;
        if (options.json === true) io.stdout(`${JSON.stringify({ was: was ?? null }, null, 2)}\n`);
        else if (was === undefined) io.stdout('nobody had suspended this host\n');
        else
          io.stdout(
            `goes on${daemonRuns ? '' : ' when the daemon starts'}; it was ${visibleText(suspendedFault(was).message)}\n`,
          );
        return exitCodes.done;
      }),
    );
}
