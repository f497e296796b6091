import { Command } from 'commander';
import type { CliIo } from './cli-io.ts';
import { columns } from './columns.ts';
import { exitCodeHelp, exitCodes } from './exit-codes.ts';
import { runRow } from './history-rows.ts';
import { numberArgument } from './number-argument.ts';
import type { TargetOptions } from './target.ts';
import { withTarget } from './target-options.ts';
import { refuseWith, withControl } from './with-control.ts';

const RUNS = 30;

const HELP = `
Newest first, also of a policy that is no longer declared. Times are UTC.

Examples:
  anchord policy log flux-local
  anchord policy log flux-local --json | jq '.[0].outcome'
${exitCodeHelp([0, 1, 2])}`;

interface LogOptions extends TargetOptions {
  readonly json?: boolean;
  readonly limit: number;
}

/** `anchord policy log NAME`: the runs of one policy that have ended. */
export function policyLogCommand(io: CliIo): Command {
  return withTarget(new Command('log'))
    .description('the runs of one policy: outcome, duration, bytes, message')
    .argument('<name>', 'the policy')
    .option('--limit <number>', 'how many runs', numberArgument, RUNS)
    .option('--json', 'the same for machines')
    .addHelpText('after', HELP)
    .action((name: string, options: LogOptions) =>
      withControl(io, { target: options, alone: 'works-alone' }, async ({ control }) => {
        const answer = await control.runs(name, options.limit);
        if (answer.kind === 'refused') return refuseWith(io, answer);
        if (options.json === true) {
          io.stdout(`${JSON.stringify(answer.runs, null, 2)}\n`);
          return exitCodes.done;
        }
        const rows = answer.runs.map((run) => runRow(run).toSpliced(1, 1));
        const lines = columns([['ended', 'outcome', 'took', 'details'], ...rows]);
        io.stdout(rows.length === 0 ? 'it has not run yet\n' : `${lines.join('\n')}\n`);
        return exitCodes.done;
      }),
    );
}
