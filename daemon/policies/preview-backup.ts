import { forgetPlanArgs, parseForget } from '../commands/restic-forget.ts';
import { resticFault } from '../commands/restic-fault.ts';
import { runRestic } from '../commands/restic.ts';
import type { Fault } from '../errors.ts';
import { exclusions } from './exclusions.ts';
import { judgeForget, planItem } from './judge-forget.ts';
import type { PlanItem } from './plans/policy-plan.ts';
import type { PolicyPreview, PreviewResult, SkippedEntry } from './plans/policy-preview.ts';
import type { PolicyParts } from './policy-parts.ts';
import { preflight } from './preflight.ts';
import { repositoryPlace, type NamedBackup } from './repository-place.ts';
import { readSuspicion } from './suspects.ts';
import { suspectFault } from './suspect-fault.ts';

const LIST_TIMEOUT_MS = 120_000;

interface Forgetting {
  readonly items: readonly PlanItem[];
  readonly of: number;
  readonly held?: Fault;
}

/** What the next run of a backup would leave out and forget. Changes nothing but the plan that may then be accepted. */
export async function previewBackup(backup: NamedBackup, parts: PolicyParts): Promise<PreviewResult> {
  const { name, policy } = backup;
  const left = await exclusions(backup, parts);
  const { open } = await readSuspicion(parts.store, name);
  const held = (await preflight(backup, parts)) ?? (open.length === 0 ? undefined : suspectFault(name, open));
  const forgetting = held === undefined ? await wouldForget(backup, parts) : { items: [], of: 0, held };
  const waiting = await parts.plans.waiting(name);
  const suspects: readonly SkippedEntry[] = open.map(({ snapshot, at, why }) => ({
    what: `snapshot ${snapshot.slice(0, 8)} of ${at}`,
    why,
  }));
  const preview: PolicyPreview = {
    policy: name,
    kind: policy.kind,
    ...forgetting,
    skipped:
      left.ignored === undefined ? suspects : [...suspects, { what: policy.source, why: left.ignored }],
    excludes: left.words,
    ...(waiting === undefined
      ? {}
      : {
          waiting: {
            id: waiting.plan.id,
            createdAt: waiting.plan.createdAt,
            ...(waiting.acceptedUntil === undefined ? {} : { acceptedUntil: waiting.acceptedUntil }),
          },
        }),
  };
  return { kind: 'preview', preview };
}

/** As of now: the snapshot that the run makes may push out one more. */
async function wouldForget(backup: NamedBackup, parts: PolicyParts): Promise<Forgetting> {
  const { name, policy } = backup;
  const args = forgetPlanArgs({ host: parts.host, policy: name }, policy.keep ?? {});
  if (args === undefined) return { items: [], of: 0 };
  const found = await repositoryPlace(backup, parts);
  if (found.kind === 'fault') return { items: [], of: 0, held: found.fault };
  // Beside whatever runs: a list that changes meanwhile is judged again before anything goes.
  const call = { args: [...args, '--no-lock'], timeoutMs: LIST_TIMEOUT_MS };
  const result = await runRestic(found.place, call);
  if (result.code !== 0)
    return { items: [], of: 0, held: resticFault(result, { policy: name, repository: policy.repository }) };
  const list = parseForget(result.stdout);
  const verdict = await judgeForget(backup, list, parts);
  const of = list.keep.length + list.remove.length;
  return verdict.kind === 'waits'
    ? { items: list.remove.map(planItem), of, held: verdict.fault }
    : { items: verdict.items.map(planItem), of };
}
