import { Command } from 'commander';
import type { Run } from '../../state-schema/generated/status.ts';
import { visibleText } from '../page/visible-text.ts';
import type { CliIo } from './cli-io.ts';
import { exitCodeHelp, exitCodeOfRun } from './exit-codes.ts';
import { progressLine } from './progress-line.ts';
import type { TargetOptions } from './target.ts';
import { withTarget } from './target-options.ts';
import { refuseWith, withControl, type Reached } from './with-control.ts';

const HELP = `
A running daemon does the work: Ctrl-C ends only the waiting, and
anchord policy cancel NAME ends the run.

Examples:
  anchord policy run flux-local
  anchord policy run flux-local --json | jq -r .outcome
${exitCodeHelp([0, 1, 2, 3, 5])}`;

interface RunOptions extends TargetOptions {
  readonly json?: boolean;
}

/** `anchord policy run NAME`: runs a policy now, whatever its schedule says. Guards and locks hold all the same. */
export function policyRunCommand(io: CliIo): Command {
  return withTarget(new Command('run'))
    .description('run a policy now, and wait for its end')
    .argument('<name>', 'the policy')
    .option('--json', 'print the finished run for machines')
    .addHelpText('after', HELP)
    .action((name: string, options: RunOptions) =>
      withControl(io, { target: options, alone: 'works-alone' }, (reached) =>
        runNow(name, { io, reached, options }),
      ),
    );
}

async function runNow(
  name: string,
  about: { readonly io: CliIo; readonly reached: Reached; readonly options: RunOptions },
): Promise<number> {
  const { io, reached, options } = about;
  const stopFollowing = followProgress(name, io, reached);
  const answer = await reached.control.runPolicy(name).finally(stopFollowing);
  if (answer.kind === 'refused') return refuseWith(io, answer);
  io.stdout(options.json === true ? `${JSON.stringify(answer.run, null, 2)}\n` : `${runWords(answer.run)}\n`);
  return exitCodeOfRun(answer.run);
}

/** On a terminal the run's progress stands on one line that is written anew; in a pipe there is none. */
function followProgress(name: string, io: CliIo, { follow }: Reached): () => void {
  if (!io.isTerminal) return () => {};
  const stop = follow((event) => {
    if (event.kind === 'run.progress' && event.policy === name) {
      io.stderr(`\r\u001b[K${progressLine(name, event.progress).slice(0, io.columns - 1)}`);
    }
  });
  return () => {
    stop();
    io.stderr('\r\u001b[K');
  };
}

function runWords(run: Run): string {
  const snapshot = run.snapshot === undefined ? '' : `, snapshot ${run.snapshot.slice(0, 8)}`;
  const files = run.files === undefined ? '' : `, ${run.files} ${run.files === 1 ? 'file' : 'files'}`;
  const moved = run.moved === undefined ? '' : `, ${run.moved} moved`;
  const removed = run.removed === undefined || run.snapshot !== undefined ? '' : `, ${run.removed} removed`;
  const why = run.message === undefined ? '' : `: ${run.message}`;
  return visibleText(`${run.policy}: ${run.outcome}${moved}${removed}${snapshot}${files}${why}`);
}
