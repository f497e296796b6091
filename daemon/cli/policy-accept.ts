import { Command } from 'commander';
import { visibleText } from '../page/visible-text.ts';
import type { CliIo } from './cli-io.ts';
import { exitCodeHelp, exitCodes } from './exit-codes.ts';
import type { TargetOptions } from './target.ts';
import { withTarget } from './target-options.ts';
import { refuseWith, withControl } from './with-control.ts';

const HELP = `
ID is that of a plan, which anchord policy plan NAME shows, or for a backup that
of a suspect snapshot. A plan is accepted with exactly its list, once, for 24
hours; the next run carries it out. Who accepted what is in the audit.

Examples:
  anchord policy accept scratch-purge 0a1b2c3d4e5f6071
  anchord policy accept flux-local 3f9c12ab
${exitCodeHelp([0, 1, 2, 5])}`;

/** `anchord policy accept NAME ID`: a person's word for what a policy does not do by itself. */
export function policyAcceptCommand(io: CliIo): Command {
  return withTarget(new Command('accept'))
    .description('let the next run carry out a plan that waits, or trust a suspect snapshot')
    .argument('<name>', 'the policy')
    .argument('<id>', 'id of the plan or of the snapshot')
    .addHelpText('after', HELP)
    .action((name: string, id: string, options: TargetOptions) =>
      withControl(io, { target: options, alone: 'works-alone' }, async ({ control }) => {
        const answer = await control.acceptPolicy(name, id);
        if (answer.kind === 'refused') return refuseWith(io, answer);
        io.stdout(`${visibleText(answer.message)}\n`);
        return exitCodes.done;
      }),
    );
}
