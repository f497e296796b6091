import { Command } from 'commander';
import type { CliIo } from './cli-io.ts';
import { exitCodeHelp, exitCodes } from './exit-codes.ts';
import { previewLines } from './preview-lines.ts';
import type { TargetOptions } from './target.ts';
import { withTarget } from './target-options.ts';
import { refuseWith, withControl } from './with-control.ts';

const HELP = `
Shows what the next run would move or remove, what it leaves alone and why, and
the plan that waits for a person, with its id. Changes nothing.

Examples:
  anchord policy plan scratch-purge
  anchord policy plan scratch-purge --json | jq -r .waiting.id
${exitCodeHelp([0, 1, 2, 5])}`;

interface PlanOptions extends TargetOptions {
  readonly json?: boolean;
}

/** `anchord policy plan NAME`: what the next run of a policy would do. */
export function policyPlanCommand(io: CliIo): Command {
  return withTarget(new Command('plan'))
    .description('what the next run would do, and the plan that waits for you')
    .argument('<name>', 'the policy')
    .option('--json', 'the same for machines')
    .addHelpText('after', HELP)
    .action((name: string, options: PlanOptions) =>
      withControl(io, { target: options, alone: 'works-alone' }, async ({ control }) => {
        const answer = await control.planPolicy(name);
        if (answer.kind === 'refused') return refuseWith(io, answer);
        const { preview } = answer;
        const lines = options.json === true ? [JSON.stringify(preview, null, 2)] : previewLines(preview);
        io.stdout(`${lines.join('\n')}\n`);
        return exitCodes.done;
      }),
    );
}
