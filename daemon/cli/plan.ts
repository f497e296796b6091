import { Command } from 'commander';
import type { CliIo } from './cli-io.ts';
import { exitCodeHelp, exitCodes } from './exit-codes.ts';
import { planLines } from './plan-lines.ts';
import { readCandidate } from './read-candidate.ts';
import type { TargetOptions } from './target.ts';
import { withTarget } from './target-options.ts';
import { refuseWith, withControl, type Reached } from './with-control.ts';

const HELP = `
Compares this host with what is in force, or with a folder that you have not
pushed yet. Changes nothing, and exits 0 with or without changes.

  + made      ~ changed      ≈ put right after something else changed it
  - let go    ! cannot, and why

Examples:
  anchord plan
  anchord plan ~/motoko-state
  anchord plan --json | jq '.changes[].id'
${exitCodeHelp([0, 1, 2, 4])}`;

interface PlanOptions extends TargetOptions {
  readonly host?: string;
  readonly json?: boolean;
}

/** `anchord plan [DIR]`: what would change. Exits 0 with or without changes. */
export function planCommand(io: CliIo): Command {
  return withTarget(new Command('plan'))
    .description('what would change')
    .argument('[dir]', 'a state repo; by default the revision in force')
    .option('--host <name>', "the host's name in that folder (default: this host's)")
    .option('--json', 'the same for machines')
    .addHelpText('after', HELP)
    .action((dir: string | undefined, options: PlanOptions) =>
      withControl(io, { target: options, alone: 'works-alone' }, (reached) =>
        planFor(dir, { io, options, reached }),
      ),
    );
}

async function planFor(
  dir: string | undefined,
  about: { readonly io: CliIo; readonly options: PlanOptions; readonly reached: Reached },
): Promise<number> {
  const { io, options, reached } = about;
  const candidate = dir === undefined ? undefined : await readCandidate(dir, about);
  if (typeof candidate === 'number') return candidate;
  const answer = await reached.control.plan(candidate);
  if ('kind' in answer) return refuseWith(io, answer);
  io.stdout(
    options.json === true ? `${JSON.stringify(answer, null, 2)}\n` : `${planLines(answer, io).join('\n')}\n`,
  );
  return exitCodes.done;
}
