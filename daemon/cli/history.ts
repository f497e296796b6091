import { Command } from 'commander';
import type { CliIo } from './cli-io.ts';
import { columns } from './columns.ts';
import { exitCodeHelp, exitCodes } from './exit-codes.ts';
import { historyRows } from './history-rows.ts';
import { numberArgument } from './number-argument.ts';
import type { TargetOptions } from './target.ts';
import { withTarget } from './target-options.ts';
import { withControl } from './with-control.ts';

const ROWS = 40;

const HELP = `
Passes over the host that changed, put right or could not do something, and
runs of policies of the last 30 days, newest first. Times are UTC.

Examples:
  anchord history
  anchord history --limit 200
  anchord history --json | jq '.passes[].repairs'
${exitCodeHelp([0, 1, 2])}`;

interface HistoryOptions extends TargetOptions {
  readonly json?: boolean;
  readonly limit: number;
}

/** `anchord history`: what was. */
export function historyCommand(io: CliIo): Command {
  return withTarget(new Command('history'))
    .description('what was: passes over the host and runs of policies, newest first')
    .option('--limit <number>', 'how many rows', numberArgument, ROWS)
    .option('--json', 'the same as history.json on the status branch')
    .addHelpText('after', HELP)
    .action((options: HistoryOptions) =>
      withControl(io, { target: options, alone: 'works-alone' }, async ({ control }) => {
        const { history } = await control.status();
        if (options.json === true) {
          io.stdout(`${JSON.stringify(history, null, 2)}\n`);
          return exitCodes.done;
        }
        const rows = historyRows(history);
        const lines = columns([
          ['ended', 'what', 'result', 'took', 'details'],
          ...rows.slice(0, options.limit),
        ]);
        io.stdout(rows.length === 0 ? 'nothing has happened yet\n' : `${lines.join('\n')}\n`);
        if (rows.length > options.limit && io.isTerminal)
          io.stderr(`and ${rows.length - options.limit} older: --limit ${rows.length}\n`);
        return exitCodes.done;
      }),
    );
}
