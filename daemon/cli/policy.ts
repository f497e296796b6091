import { Command } from 'commander';
import type { Run } from '../../state-schema/generated/status.ts';
import { followEvents } from '../control/control-client.ts';
import { visibleText } from '../page/visible-text.ts';
import type { CliIo } from './cli-io.ts';
import { columns } from './columns.ts';
import { exitCodeHelp, exitCodeOfRun, exitCodes } from './exit-codes.ts';
import { progressLine } from './progress-line.ts';
import type { TargetOptions } from './target.ts';
import { withTarget } from './target-options.ts';
import { refuseWith, withControl, type Reached } from './with-control.ts';

const HELP = `
Examples:
  anchord policy list
  anchord policy init flux-local
  anchord policy run flux-local
${exitCodeHelp([0, 1, 2, 3, 5])}`;

interface PolicyOptions extends TargetOptions {
  readonly json?: boolean;
}

/** `anchord policy list|run|init`. */
export function policyCommand(io: CliIo): Command {
  const policy = new Command('policy').description('see and run policies').addHelpText('after', HELP);
  policy.addCommand(listCommand(io));
  policy.addCommand(
    withTarget(new Command('run'))
      .description('run a policy now, and wait for its end')
      .argument('<name>', 'the policy')
      .option('--json', 'print the finished run for machines')
      .addHelpText('after', HELP)
      .action((name: string, options: PolicyOptions) =>
        withControl(io, { target: options, alone: 'works-alone' }, (reached) =>
          runNow(name, { io, reached, options }),
        ),
      ),
  );
  policy.addCommand(
    withTarget(new Command('init'))
      .description("make the policy's repository, once; nothing else ever makes one")
      .argument('<name>', 'the policy')
      .addHelpText('after', HELP)
      .action((name: string, options: PolicyOptions) =>
        withControl(io, { target: options, alone: 'works-alone' }, async ({ control }) => {
          const answer = await control.initPolicy(name);
          if (answer.kind === 'refused') return refuseWith(io, answer);
          io.stdout(`${name}: repository ${answer.how} (id ${answer.id.slice(0, 10)})\n`);
          return exitCodes.done;
        }),
      ),
  );
  return policy;
}

function listCommand(io: CliIo): Command {
  return withTarget(new Command('list'))
    .description('every policy: its state, last and next run')
    .option('--json', 'the same for machines')
    .addHelpText('after', HELP)
    .action((options: PolicyOptions) =>
      withControl(io, { target: options, alone: 'works-alone' }, async ({ control }) => {
        const policies = await control.policies();
        if (options.json === true) {
          io.stdout(`${JSON.stringify(policies, null, 2)}\n`);
          return exitCodes.done;
        }
        const rows = policies.map(({ name, kind, state, message, lastSuccessAt, nextRunAt }) => {
          const times = `last good run ${lastSuccessAt ?? 'never'}${nextRunAt === undefined ? '' : `, next ${nextRunAt}`}`;
          return [name, kind, state, state === 'not-carried-out' ? message : `${message} (${times})`];
        });
        io.stdout(
          columns(rows)
            .map((line) => `${line}\n`)
            .join(''),
        );
        return exitCodes.done;
      }),
    );
}

async function runNow(
  name: string,
  about: { readonly io: CliIo; readonly reached: Reached; readonly options: PolicyOptions },
): Promise<number> {
  const { io, reached, options } = about;
  const stopFollowing = followProgress(name, io, reached.socket);
  const answer = await reached.control.runPolicy(name).finally(stopFollowing);
  if (answer.kind === 'refused') return refuseWith(io, answer);
  io.stdout(options.json === true ? `${JSON.stringify(answer.run, null, 2)}\n` : `${runWords(answer.run)}\n`);
  return exitCodeOfRun(answer.run);
}

/** On a terminal the run's progress stands on one line that is written anew; in a pipe there is none. */
function followProgress(name: string, io: CliIo, socket: string | undefined): () => void {
  if (!io.isTerminal || socket === undefined) return () => {};
  const stop = followEvents(socket, (event) => {
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
  const files = run.files === undefined ? '' : `, ${run.files} files`;
  const why = run.message === undefined ? '' : `: ${run.message}`;
  return visibleText(`${run.policy}: ${run.outcome}${snapshot}${files}${why}`);
}
