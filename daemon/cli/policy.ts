import { Command } from 'commander';
import type { CliIo } from './cli-io.ts';
import { columns } from './columns.ts';
import { exitCodeHelp, exitCodes } from './exit-codes.ts';
import { policyAcceptCommand } from './policy-accept.ts';
import { policyLogCommand } from './policy-log.ts';
import { policyPlanCommand } from './policy-plan.ts';
import { policyRunCommand } from './policy-run.ts';
import type { TargetOptions } from './target.ts';
import { withTarget } from './target-options.ts';
import { refuseWith, withControl } from './with-control.ts';

const HELP = `
Examples:
  anchord policy list
  anchord policy init flux-local
  anchord policy run flux-local
  anchord policy plan scratch-purge
  anchord policy accept scratch-purge 0a1b2c3d4e5f6071
  anchord policy cancel flux-local
  anchord policy log flux-local
${exitCodeHelp([0, 1, 2, 3, 5, 6])}`;

const LIST_HELP = `
Examples:
  anchord policy list
  anchord policy list --json | jq '.[] | select(.state == "failed").name'
${exitCodeHelp([0, 1, 2])}`;

const INIT_HELP = `
A repository that is there already is adopted, when the password opens it. Its
id is remembered, and from then on only that repository is used.

Example:
  anchord policy init flux-local
${exitCodeHelp([0, 1, 2, 5])}`;

const CANCEL_HELP = `
The run ends a little later, with the outcome cancelled. Its next one begins as
scheduled.

Example:
  anchord policy cancel flux-local
${exitCodeHelp([0, 1, 2, 6])}`;

interface ListOptions extends TargetOptions {
  readonly json?: boolean;
}

/** `anchord policy list|run|init|plan|accept|cancel|log`. */
export function policyCommand(io: CliIo): Command {
  const policy = new Command('policy').description('see and run policies').addHelpText('after', HELP);
  const commands = [
    listCommand,
    policyRunCommand,
    initCommand,
    policyPlanCommand,
    policyAcceptCommand,
    cancelCommand,
    policyLogCommand,
  ];
  for (const command of commands) policy.addCommand(command(io));
  return policy;
}

function listCommand(io: CliIo): Command {
  return withTarget(new Command('list'))
    .description('every policy: its state, last and next run')
    .option('--json', 'the same for machines')
    .addHelpText('after', LIST_HELP)
    .action((options: ListOptions) =>
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

function initCommand(io: CliIo): Command {
  return withTarget(new Command('init'))
    .description("make the policy's repository, once; nothing else ever makes one")
    .argument('<name>', 'the policy')
    .addHelpText('after', INIT_HELP)
    .action((name: string, options: TargetOptions) =>
      withControl(io, { target: options, alone: 'works-alone' }, async ({ control }) => {
        const answer = await control.initPolicy(name);
        if (answer.kind === 'refused') return refuseWith(io, answer);
        io.stdout(`${name}: repository ${answer.how} (id ${answer.id.slice(0, 10)})\n`);
        return exitCodes.done;
      }),
    );
}

function cancelCommand(io: CliIo): Command {
  return withTarget(new Command('cancel'))
    .description('stop the run that is under way')
    .argument('<name>', 'the policy')
    .addHelpText('after', CANCEL_HELP)
    .action((name: string, options: TargetOptions) =>
      withControl(io, { target: options, alone: 'needs-daemon' }, async ({ control }) => {
        const answer = await control.cancelPolicy(name);
        if (answer.kind === 'refused') return refuseWith(io, answer);
        io.stdout(`${name} was told to stop\n`);
        return exitCodes.done;
      }),
    );
}
