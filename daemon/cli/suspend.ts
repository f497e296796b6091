import { userInfo } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { isoSeconds, systemClock } from '../clock.ts';
import { visibleText } from '../page/visible-text.ts';
import { suspendedFault } from '../suspension.ts';
import type { CliIo } from './cli-io.ts';
import { exitCodeHelp, exitCodes } from './exit-codes.ts';
import type { TargetOptions } from './target.ts';
import { withTarget } from './target-options.ts';
import { untilTime } from './until-time.ts';
import { refuseWith, withControl } from './with-control.ts';

const HELP = `
No new revision is applied, nothing that changed by hand is put right, and what
is scheduled waits; a run under way goes on. Volumes are still guarded, and the
status is still published. Holds over restarts, until resume or the time given.
A missed run is caught up once afterwards. A person can still run a policy.

Examples:
  anchord suspend --reason "disk swap"
  anchord suspend --until 2h
  anchord suspend --until 2026-11-22T08:00:00+01:00 --reason moving
${exitCodeHelp([0, 1, 2])}`;

interface SuspendOptions extends TargetOptions {
  readonly until?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

/** `anchord suspend`: from now on nothing is changed. */
export function suspendCommand(io: CliIo): Command {
  return withTarget(new Command('suspend'))
    .description('change nothing on this host until resume')
    .option('--until <time>', 'a span such as 2h, or a time such as 2026-11-22T08:00Z', until)
    .option('--reason <words>', 'why, for whoever looks at the status')
    .option('--json', 'the same for machines')
    .addHelpText('after', HELP)
    .action((options: SuspendOptions) =>
      withControl(io, { target: options, alone: 'works-alone' }, async ({ control }) => {
        const { until: end, reason } = options;
        const answer = await control.suspend({
          by: callerName(io),
          ...(end === undefined ? {} : { until: end }),
          ...(reason === undefined ? {} : { reason }),
        });
        if (answer.kind === 'refused') return refuseWith(io, answer);
        const { suspended, isIdle } = answer;
        if (options.json === true) io.stdout(`${JSON.stringify(suspended, null, 2)}\n`);
        else io.stdout(`${visibleText(suspendedFault(suspended).message)}\n  next: anchord resume\n`);
        if (!isIdle) io.stderr('what was under way has not ended yet; it changes nothing new\n');
        return exitCodes.done;
      }),
    );
}

function until(text: string): string {
  const time = untilTime(text, systemClock.now());
  if (time === undefined)
    throw new InvalidArgumentError(
      'a span such as 2h, or a time in the future such as 2026-11-22T08:00Z, is expected.',
    );
  return isoSeconds(time);
}

/** Whoever became root by sudo is still who did it. */
function callerName(io: CliIo): string {
  const { SUDO_USER: behind } = io.env;
  if (behind !== undefined && behind !== '') return behind;
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? ''}`; // a user without an entry in the user database
  }
}
