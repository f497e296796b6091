import { shortId } from '../short-id.ts';
import type { Fault } from '../errors.ts';
import { PLAN_ITEMS_LIMIT, type PlanItem } from '../policies/plans/policy-plan.ts';
import type { PreviewResult, SkippedEntry } from '../policies/plans/policy-preview.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';
import { judgeMirror } from './judge-mirror.ts';
import type { MeasuredSource } from './measure-source.ts';
import { mirrorEnds } from './mirror-ends.ts';
import type { MirrorJob, NamedMirror } from './mirror-job.ts';
import { recallMirror } from './mirror-memory.ts';
import type { MirrorPlan } from './mirror-plan.ts';
import { mirrorPreflight } from './mirror-preflight.ts';
import { planMirror } from './plan-mirror.ts';

/** Says what the next run of a mirror would do, by a dry run; keeps the plan when it would wait for a person. */
export async function previewMirror(mirror: NamedMirror, parts: PolicyParts): Promise<PreviewResult> {
  const hindrance = await mirrorPreflight(mirror, parts);
  if (hindrance !== undefined) return { kind: 'refused', fault: hindrance };
  const found = await mirrorEnds(mirror, parts);
  if (found.kind === 'fault') return { kind: 'refused', fault: redacted(found.fault, parts) };
  const { ends } = found;
  const run = { job: lookingJob(mirror), parts, ends, locks: [] };
  const planned = await planMirror(run);
  if (planned.kind === 'failed') return { kind: 'refused', fault: redacted(planned.fault, parts) };
  if (planned.kind === 'unreadable')
    return { kind: 'refused', fault: unreadable(mirror, planned.source.unreadable) };
  const { plan, source } = planned;
  const memory = await recallMirror(mirror, parts.store);
  const verdict = await judgeMirror(mirror, { plan, source: source.size, memory }, parts);
  const waiting = verdict.kind === 'refused' ? await parts.plans.waiting(mirror.name) : undefined;
  return {
    kind: 'preview',
    preview: {
      policy: mirror.name,
      kind: 'mirror',
      items: itemsOf(mirror, plan),
      of: plan.objects,
      skipped: skippedOf(source, plan),
      excludes: ends.excludes,
      ...(verdict.kind === 'refused' ? { held: verdict.fault } : {}),
      ...(waiting === undefined ? {} : { waiting: { id: waiting.plan.id, ...datesOf(waiting) } }),
    },
  };
}

function datesOf({
  plan,
  acceptedUntil,
}: {
  readonly plan: { readonly createdAt: string };
  readonly acceptedUntil?: string;
}): { readonly createdAt: string; readonly acceptedUntil?: string } {
  return { createdAt: plan.createdAt, ...(acceptedUntil === undefined ? {} : { acceptedUntil }) };
}

/** A job that only looks: nobody follows it, and nothing waits for its locks. */
function lookingJob(mirror: NamedMirror): MirrorJob {
  const { signal } = new AbortController();
  return { ...mirror, runId: shortId(), trigger: 'person', signal, lock: -1, onProgress() {} };
}

/** Deletions first: they are what a person has to look at. */
function itemsOf({ policy }: NamedMirror, { removals, copied }: MirrorPlan): readonly PlanItem[] {
  const place = policy.destination;
  const items: readonly PlanItem[] = [
    ...removals.map(({ path, bytes }) => ({ kind: 'remove' as const, what: `${place}/${path}`, bytes })),
    ...copied.map(({ path, bytes }) => ({ kind: 'copy' as const, what: `${place}/${path}`, bytes })),
  ];
  return items.slice(0, PLAN_ITEMS_LIMIT);
}

function skippedOf({ links, special }: MeasuredSource, { renames }: MirrorPlan): readonly SkippedEntry[] {
  const entries: readonly (readonly [number, string, string])[] = [
    [links, 'symbolic links', 'links are never followed'],
    [special, 'sockets, pipes and devices', 'only files are mirrored'],
    [renames, 'renamed files', 'renamed at the destination, not sent again'],
  ];
  return entries
    .filter(([count]) => count > 0)
    .map(([count, what, why]) => ({ what: `${count} ${what}`, why }));
}

function unreadable({ policy, name }: NamedMirror, paths: readonly string[]): Fault {
  return {
    reason: 'SourceUnreadable',
    message: `${policy.source} cannot be read whole (${paths[0] ?? 'unknown'}), so nothing would be deleted`,
    next: `make it readable, or exclude it in ${name}`,
  };
}

function redacted(fault: Fault, { secrets }: PolicyParts): Fault {
  return { ...fault, message: secrets.redact(fault.message) };
}
