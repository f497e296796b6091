import { Command } from 'commander';
import type { ApplyHindrance, ApplyReport } from '../control/apply-report.ts';
import { visibleText } from '../page/visible-text.ts';
import type { CliIo } from './cli-io.ts';
import { columns } from './columns.ts';
import { eventWords } from './event-words.ts';
import { exitCodeHelp, exitCodeOfReason, exitCodes } from './exit-codes.ts';
import { readCandidate } from './read-candidate.ts';
import type { TargetOptions } from './target.ts';
import { withTarget } from './target-options.ts';
import { refuseWith, tell, withControl, type Reached } from './with-control.ts';

const HELP = `
Looks at the branch, makes the host match the newest revision that is accepted,
and waits until that is done. A running daemon does it; without one the command
does it once, under the same lock and with the same checks. What was left alone
because something keeps changing it is tried again.

With DIR, which needs the daemon to be stopped: makes the host match that folder
once. It is not trusted: the daemon goes back to the branch when it starts.

Exits 3 when some resources could not be made right, 4 when the newest revision
is not valid, 5 when a guard refused, 6 when the remote could not be asked.

Examples:
  anchord apply
  anchord apply --json | jq .failed
  anchord apply ~/motoko-state
${exitCodeHelp([0, 1, 2, 3, 4, 5, 6])}`;

interface ApplyOptions extends TargetOptions {
  readonly host?: string;
  readonly json?: boolean;
}

/** `anchord apply [DIR]`: one pass, then exit. */
export function applyCommand(io: CliIo): Command {
  return withTarget(new Command('apply'))
    .description('one pass now: look at the branch, make the host match, and wait for it')
    .argument('[dir]', 'a state repo to apply once; by default the branch')
    .option('--host <name>', "the host's name in that folder (default: this host's)")
    .option('--json', 'the same for machines')
    .addHelpText('after', HELP)
    .action((dir: string | undefined, options: ApplyOptions) =>
      withControl(io, { target: options, alone: 'works-alone' }, (reached) =>
        apply(dir, { io, options, reached }),
      ),
    );
}

async function apply(
  dir: string | undefined,
  about: { readonly io: CliIo; readonly options: ApplyOptions; readonly reached: Reached },
): Promise<number> {
  const { io, options, reached } = about;
  const candidate = dir === undefined ? undefined : await readCandidate(dir, about);
  if (typeof candidate === 'number') return candidate;
  const stop = io.isTerminal ? reached.follow((event) => tellEvent(io, eventWords(event))) : () => {};
  const answer = await reached.control.apply(candidate).finally(stop);
  if (answer.kind === 'refused') return refuseWith(io, answer);
  if (options.json === true) io.stdout(`${JSON.stringify(answer, null, 2)}\n`);
  else
    io.stdout(
      reportLines(answer)
        .map((line) => `${line}\n`)
        .join(''),
    );
  const { hindrance } = answer;
  if (hindrance !== undefined) tell(io, hindrance);
  return hindrance === undefined ? exitCodes.done : codeOf(hindrance, answer);
}

function tellEvent(io: CliIo, words: string | undefined): void {
  if (words !== undefined) io.stderr(`  ${words}\n`);
}

function reportLines(report: ApplyReport): readonly string[] {
  const { of, changed, repaired, failed, waiting, resources } = report;
  const rows = resources.map(({ id, state, what }) => [`  ${state}`, id.replace(':', ' '), what]);
  const counts = `${changed} changed, ${repaired} put right, ${failed} failed, ${waiting} waiting`;
  return [
    ...columns(rows),
    `${visibleText((of ?? 'nothing').replace(/^([0-9a-f]{10})[0-9a-f]{30,54}$/, '$1'))}: ${counts}`,
  ];
}

function codeOf(hindrance: ApplyHindrance, { failed, resources }: ApplyReport): number {
  const { at, reason } = hindrance;
  switch (at) {
    case 'fetch':
      return exitCodes.unreachable;
    case 'revision':
      return reason === 'RevisionInvalid' || reason === 'HostMissing' ? exitCodes.invalid : exitCodes.refused;
    case 'pass':
      return exitCodeOfReason(reason);
    case 'resources':
      return isGuarded(failed, resources) ? exitCodes.refused : exitCodes.partial;
  }
}

/** All that is not right waits for a volume, or is one. */
function isGuarded(failed: number, resources: ApplyReport['resources']): boolean {
  const volumes = resources.filter(({ id, state }) => state === 'failed' && id.startsWith('volume:')).length;
  return volumes > 0 && volumes === failed;
}
