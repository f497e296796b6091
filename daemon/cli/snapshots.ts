import { Command } from 'commander';
import { bytesWords } from '../bytes-words.ts';
import type { ListedSnapshot } from '../restore/list-snapshots.ts';
import type { CliIo } from './cli-io.ts';
import { columns } from './columns.ts';
import { exitCodeHelp, exitCodes } from './exit-codes.ts';
import type { TargetOptions } from './target.ts';
import { withTarget } from './target-options.ts';
import { refuseWith, withControl } from './with-control.ts';

const HELP = `
Newest first. Takes no lock: it also works while the repository is in use.
--all shows everything in the repository, also what another host or a policy of
another name left there.

Examples:
  anchord snapshots flux-local
  anchord snapshots flux-local --json | jq -r '.[0].id'
${exitCodeHelp([0, 1, 2, 5])}`;

interface SnapshotsOptions extends TargetOptions {
  readonly json?: boolean;
  readonly all?: boolean;
}

/** `anchord snapshots NAME`: what can be restored. */
export function snapshotsCommand(io: CliIo): Command {
  return withTarget(new Command('snapshots'))
    .description('what a backup policy can restore, newest first')
    .argument('<name>', 'the policy')
    .option('--all', 'everything in the repository, whoever made it')
    .option('--json', 'the same for machines')
    .addHelpText('after', HELP)
    .action((name: string, options: SnapshotsOptions) =>
      withControl(io, { target: options, alone: 'works-alone' }, async ({ control }) => {
        const answer = await control.snapshots(name, options.all === true);
        if (answer.kind === 'refused') return refuseWith(io, answer);
        const { snapshots } = answer;
        if (options.json === true) io.stdout(`${JSON.stringify(snapshots, null, 2)}\n`);
        else io.stdout(`${tableOf(snapshots, options.all === true, name)}\n`);
        return exitCodes.done;
      }),
    );
}

function tableOf(snapshots: readonly ListedSnapshot[], all: boolean, name: string): string {
  if (snapshots.length === 0) return `${name} has no snapshot yet`;
  const who = all ? ['policy', 'host'] : [];
  const head = ['snapshot', 'made', 'files', 'size', ...who, 'of'];
  const rows = snapshots.map(({ id, time, files, bytes, policy, host, paths }) => [
    id.slice(0, 8),
    madeWords(time),
    files === undefined ? '' : String(files),
    bytes === undefined ? '' : bytesWords(bytes),
    ...(all ? [policy ?? '', host] : []),
    paths.join(' '),
  ]);
  return columns([head, ...rows]).join('\n');
}

/** The local time it was made at, as restic keeps it, without fractions. */
function madeWords(time: string): string {
  return time.replace(/\.\d+/, '').replace('T', ' ');
}
