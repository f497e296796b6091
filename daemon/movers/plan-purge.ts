import { isoSeconds } from '../clock.ts';
import type { Fault } from '../errors.ts';
import type { PreviewResult } from '../policies/plans/policy-preview.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';
import { preview } from './preview.ts';
import { treesInUse } from './trees-in-use.ts';
import { itemOf, judgePurge, pathOf, surveyPurge, type NamedPurge } from './purge-survey.ts';
import { TreeService } from './tree/tree-service.ts';

/** Why a purge cannot begin now although nothing is wrong: its slot then waits. */
export async function purgePreflight(
  { policy, name }: NamedPurge,
  parts: PolicyParts,
): Promise<Fault | undefined> {
  return (
    (await parts.guard(policy.path, 'delete')) ??
    (await parts.clockFault()) ??
    (await treesInUse(name, [policy.path], parts))
  );
}

/** What the next run of a purge would remove. */
export async function planPurge(purge: NamedPurge, parts: PolicyParts): Promise<PreviewResult> {
  const fault = (await parts.guard(purge.policy.path, 'read')) ?? (await parts.clockFault());
  await using trees = new TreeService({ signal: new AbortController().signal });
  const seen = await surveyPurge(purge, parts, trees);
  const { found } = seen;
  const verdict = await judgePurge(purge, seen, parts);
  const young = found.youngest.map(({ name, newestMs }) => ({
    what: pathOf(purge.policy, name),
    why: `last changed ${isoSeconds(new Date(newestMs))}`,
  }));
  const left = found.leftFirst.map(({ name, why }) => ({ what: pathOf(purge.policy, name), why }));
  return await preview(
    {
      policy: purge.name,
      kind: purge.policy.kind,
      items: (verdict.kind === 'allowed' ? verdict.entries : found.old).map((entry) =>
        itemOf(purge.policy, entry),
      ),
      of: found.entries,
      skipped: [...left, ...young],
      exclude: purge.policy.exclude,
      verdict,
      fault,
    },
    parts,
  );
}
