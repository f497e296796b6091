import { resolve } from 'node:path';
import { Command } from 'commander';
import type { AuditReport } from '../audit/audit-report.ts';
import { verifyFolder } from '../audit/verify-folder.ts';
import type { CliIo } from './cli-io.ts';
import { exitCodeHelp, exitCodes } from './exit-codes.ts';
import type { TargetOptions } from './target.ts';
import { withTarget } from './target-options.ts';
import { codeOf, refuseWith, tell, withControl } from './with-control.ts';

const HELP = `
Every line of the audit names the SHA-256 of the line before it, and the daemon
remembers the last one. So nobody can change, put in, take away or swap lines
without it being seen here. --remote also compares with what was published.

With DIR it looks at a clone of a status branch, and needs no host.

Examples:
  anchord audit verify
  anchord audit verify --remote --json | jq .faults
  anchord audit verify ~/motoko-status
${exitCodeHelp([0, 1, 2, 6, 7])}`;

interface VerifyOptions extends TargetOptions {
  readonly remote?: boolean;
  readonly json?: boolean;
}

/** `anchord audit verify`. */
export function auditCommand(io: CliIo): Command {
  return new Command('audit')
    .description('look whether anybody changed what was recorded')
    .addCommand(verifyCommand(io))
    .addHelpText('after', HELP);
}

function verifyCommand(io: CliIo): Command {
  return withTarget(new Command('verify'))
    .description('look at every line of the audit')
    .argument('[dir]', 'a clone of a status branch, instead of a host')
    .option('--remote', 'compare with the status branch as well')
    .option('--json', 'the same for machines')
    .addHelpText('after', HELP)
    .action((dir: string | undefined, options: VerifyOptions) => verify(io, dir, options));
}

async function verify(io: CliIo, dir: string | undefined, options: VerifyOptions): Promise<void> {
  if (dir !== undefined) {
    return io.exit(await codeOf(io, async () => told(io, await verifyFolder(resolve(dir)), options)));
  }
  await withControl(io, { target: options, alone: 'works-alone' }, async ({ control }) => {
    const answer = await control.verifyAudit({ remote: options.remote === true });
    if (answer.kind === 'verified') return told(io, answer, options);
    const code = refuseWith(io, answer);
    return answer.reason === 'Offline' ? exitCodes.unreachable : code;
  });
}

function told(io: CliIo, report: AuditReport, { json }: VerifyOptions): number {
  if (json === true) io.stdout(`${JSON.stringify(report, null, 2)}\n`);
  else if (report.faults.length === 0) io.stdout(`${words(report)}\n`);
  else for (const fault of report.faults) tell(io, fault);
  return report.faults.length === 0 ? exitCodes.done : exitCodes.tampered;
}

function words({ head, from, lines, segments, branch }: AuditReport): string {
  const last = head === undefined ? '' : `, the last of ${head.time}, head ${head.hash.slice(0, 16)}`;
  const since = from === 1 ? '' : ` from number ${from} on`;
  const text = `${count(lines, 'line')} in ${count(segments, 'file')}${since}, each following from the one before${last}`;
  if (branch === undefined) return text;
  const { seq, commits, commit } = branch;
  return `${text}\nthe status branch has the same lines up to number ${seq}, in ${count(commits, 'commit')} up to ${commit.slice(0, 10)}`;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
