import { resolve } from 'node:path';
import { Command } from 'commander';
import { bytesWords } from '../bytes-words.ts';
import { visibleText } from '../page/visible-text.ts';
import type { RestoreReport, RestoreRequest } from '../restore/restore-request.ts';
import type { CliIo } from './cli-io.ts';
import { exitCodeHelp, exitCodes } from './exit-codes.ts';
import { progressLine } from './progress-line.ts';
import type { TargetOptions } from './target.ts';
import { withTarget } from './target-options.ts';
import { refuseWith, tell, withControl, type Reached } from './with-control.ts';

/** So many entries that are not back are named. */
const NAMED = 20;

const HELP = `
With --path, that file or directory comes back into DIR under its own name;
without it, everything that is in the policy's source does. Paths after --path
are those of the host, DIR is a path of this machine.

What is restored is first put where nobody else can touch it, read once more,
compared with the snapshot, and only then moved to DIR, with owner, mode and
times as they were. DIR must be empty or not there yet, and no policy may work
in it, unless --overwrite says so; no part of it may be a symbolic link. A DIR
that is made belongs to its maker alone (mode 0700).

Examples:
  anchord restore flux-local --to /space/restored
  anchord restore flux-local --path /flux/active/thesis.txt --to /flux/active \\
    --overwrite
  anchord restore flux-backup --snapshot 1a2b3c4d --to /tmp/x
${exitCodeHelp([0, 1, 2, 3, 5])}`;

interface RestoreOptions extends TargetOptions {
  readonly snapshot: string;
  readonly path?: string;
  readonly to: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** `anchord restore NAME --to DIR`: back from a copy. */
export function restoreCommand(io: CliIo): Command {
  return withTarget(new Command('restore'))
    .description('bring files back from what a policy has copied, and compare them')
    .argument('<name>', 'the policy')
    .requiredOption('--to <dir>', 'the folder that gets it')
    .option('--snapshot <id>', 'which one, from: anchord snapshots NAME', 'latest')
    .option('--path <path>', 'one file or directory of the host; without it all')
    .option('--overwrite', 'DIR may hold files or be in use: replace those of the same name')
    .option('--json', 'print the report for machines')
    .addHelpText('after', HELP)
    .action((name: string, options: RestoreOptions) =>
      withControl(io, { target: options, alone: 'works-alone' }, (reached) =>
        restoreNow({ io, reached, options }, requestOf(name, options)),
      ),
    );
}

function requestOf(policy: string, { snapshot, path, to, overwrite }: RestoreOptions): RestoreRequest {
  return {
    policy,
    snapshot,
    to: resolve(process.cwd(), to),
    overwrite: overwrite === true,
    ...(path === undefined ? {} : { path }),
  };
}

async function restoreNow(
  {
    io,
    reached,
    options,
  }: { readonly io: CliIo; readonly reached: Reached; readonly options: RestoreOptions },
  request: RestoreRequest,
): Promise<number> {
  const stopFollowing = followProgress(request.policy, io, reached);
  const answer = await reached.control.restore(request, reached.signal).finally(stopFollowing);
  if (answer.kind === 'refused') return refuseWith(io, answer);
  const { report } = answer;
  if (options.json === true) io.stdout(`${JSON.stringify(report, null, 2)}\n`);
  else tellReport(io, report);
  return exitCodeOf(report);
}

function followProgress(policy: string, io: CliIo, { follow }: Reached): () => void {
  if (!io.isTerminal) return () => {};
  const stop = follow((event) => {
    if (event.kind === 'restore.progress' && event.policy === policy)
      io.stderr(`\r\u001b[K${progressLine(policy, event.progress).slice(0, io.columns - 1)}`);
  });
  return () => {
    stop();
    io.stderr('\r\u001b[K');
  };
}

function tellReport(io: CliIo, report: RestoreReport): void {
  const { files, bytes, to, snapshot, time, left, leftCount } = report;
  const from = snapshot === undefined ? '' : ` of snapshot ${snapshot.slice(0, 8)} (${time ?? ''})`;
  const what = `${files} ${files === 1 ? 'file' : 'files'}, ${bytesWords(bytes)}${from}`;
  if (report.outcome === 'ok') io.stdout(`restored and compared: ${visibleText(`${what}, to ${to}`)}\n`);
  else if (report.outcome === 'partial') io.stdout(`restored in part: ${visibleText(`${what}, to ${to}`)}\n`);
  for (const one of left.slice(0, NAMED)) io.stderr(`  not back: ${visibleText(one)}\n`);
  if (leftCount > NAMED) io.stderr(`  and ${leftCount - Math.min(NAMED, left.length)} more\n`);
  if (report.message !== undefined)
    tell(io, { message: report.message, ...(report.next === undefined ? {} : { next: report.next }) });
}

function exitCodeOf({ outcome }: RestoreReport): number {
  switch (outcome) {
    case 'ok':
      return exitCodes.done;
    case 'partial':
      return exitCodes.partial;
    case 'failed':
    case 'cancelled':
      return exitCodes.failed;
  }
}
