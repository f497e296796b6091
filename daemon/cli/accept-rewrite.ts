import { Command } from 'commander';
import type { CliIo } from './cli-io.ts';
import { exitCodeHelp, exitCodes } from './exit-codes.ts';
import type { TargetOptions } from './target.ts';
import { withTarget } from './target-options.ts';
import { refuseWith, withControl } from './with-control.ts';

const HELP = `
A force-push can throw away what was pushed before, so a branch that does not
descend from the last trusted revision is refused until a person has looked.
Only exactly this commit is accepted, once.

Example:
  anchord accept-rewrite 3f2a1bc09d8e7f6a5b4c3d2e1f0a9b8c7d6e5f40
${exitCodeHelp([0, 1, 2, 5])}`;

/** `anchord accept-rewrite SHA`. */
export function acceptRewriteCommand(io: CliIo): Command {
  return withTarget(new Command('accept-rewrite'))
    .description('accept a branch that was rewritten')
    .argument('<sha>', 'the whole commit id that status names')
    .addHelpText('after', HELP)
    .action((sha: string, options: TargetOptions) =>
      withControl(io, { target: options, alone: 'works-alone' }, async ({ control, daemonRuns }) => {
        const answer = await control.acceptRewrite(sha);
        if (answer.kind === 'refused') return refuseWith(io, answer);
        const when = daemonRuns ? 'the daemon looks at it now' : 'the daemon looks at it when it starts';
        const unseen = 'no such commit was refused so far; it is accepted when the branch comes to it';
        io.stdout(`accepted ${sha}; ${answer.isWaiting ? when : unseen}\n`);
        return exitCodes.done;
      }),
    );
}
