import { rsyncMissing } from '../commands/rsync.ts';
import type { Fault } from '../errors.ts';
import type { PreviewResult } from '../policies/plans/policy-preview.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';
import { run } from '../process/run.ts';
import {
  graduationItem,
  judgeGraduation,
  surveyGraduation,
  type NamedGraduation,
} from './graduate-survey.ts';
import { preview } from './preview.ts';
import { treesInUse } from './trees-in-use.ts';
import { TreeService } from './tree/tree-service.ts';

/** Why a graduation cannot begin now although nothing is wrong: its slot then waits. */
export async function graduationPreflight(
  { policy, name }: NamedGraduation,
  parts: PolicyParts,
): Promise<Fault | undefined> {
  const { from, to } = policy;
  return (
    (await parts.guard(from, 'delete')) ??
    (await parts.guard(to, 'write')) ??
    (await parts.clockFault()) ??
    (await noRsync(parts.path)) ??
    (await treesInUse(name, [from, to], parts))
  );
}

/** What the next run of a graduation would move. */
export async function planGraduation(
  graduation: NamedGraduation,
  parts: PolicyParts,
): Promise<PreviewResult> {
  const { name, policy } = graduation;
  const fault =
    (await parts.guard(policy.from, 'read')) ??
    (await parts.guard(policy.to, 'write')) ??
    (await parts.clockFault());
  await using trees = new TreeService({ signal: new AbortController().signal });
  const seen = await surveyGraduation(graduation, parts, trees);
  const verdict = await judgeGraduation(graduation, seen, parts);
  const ready = verdict.kind === 'allowed' ? verdict.ready : seen.ready;
  return await preview(
    {
      policy: name,
      kind: policy.kind,
      items: ready.map((one) => graduationItem(policy, one)),
      of: seen.of,
      skipped: [...seen.skipped, ...seen.young],
      exclude: policy.exclude,
      verdict,
      fault,
    },
    parts,
  );
}

async function noRsync(path: string): Promise<Fault | undefined> {
  const { end } = await run({
    program: 'rsync',
    args: ['--version'],
    env: { PATH: path, LC_ALL: 'C' },
    timeoutMs: 30_000,
  });
  return end === 'not-found' ? rsyncMissing : undefined;
}
