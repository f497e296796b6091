import type { HostState } from '../../state-schema/host-state.ts';
import { isoSeconds, type Clock } from '../clock.ts';
import type { FileResult } from '../files/file-wants.ts';
import { nextRun } from '../policies/next-run.ts';
import type { Desired } from '../resources/desired.ts';
import type { ScheduleFinding } from '../resources/schedule.ts';
import type { ScheduleRow, Store } from '../store/store.ts';
import type { Inventory } from './inventory.ts';
import { observeHost, type HostView, type ObserveParts } from './observe-host.ts';
import { plan, type Plan } from './plan.ts';
import { settle, type Settled } from './settle.ts';

/** What a pass needs. */
export interface PassParts extends Omit<ObserveParts, 'inventory'> {
  readonly store: Pick<Store, 'schedules' | 'saveSchedules'>;
  readonly inventory: Inventory;
  readonly clock: Clock;
}

/** What a pass did. */
export interface PassOutcome {
  readonly view: HostView;
  readonly plan: Plan;
  readonly settled: Settled;
}

/** One pass: observe, plan, apply, probe, settle. One resource that fails does not stop the others. */
export async function runPass(state: HostState, desired: Desired, parts: PassParts): Promise<PassOutcome> {
  const looking = { ...parts, inventory: parts.inventory.items };
  const view = await observeHost(state, desired, looking);
  const planned = plan(desired, view);
  const results = await applyFiles(planned, view, parts);
  await applySchedules(planned, view.schedules, parts);
  const probed = results.size === 0 ? undefined : await parts.files.ask({ kind: 'observe', grounds: view.grounds });
  const settled = settle({
    desired,
    plan: planned,
    results,
    stillWrong: new Set(probed?.findings.map((finding) => finding.id)),
    volumes: view.volumes,
    inventory: parts.inventory.items,
    now: isoSeconds(parts.clock.now()),
  });
  await parts.inventory.record(settled);
  return { view, plan: planned, settled };
}

async function applyFiles(planned: Plan, view: HostView, parts: PassParts): Promise<ReadonlyMap<string, FileResult>> {
  const ids = planned.changes
    .filter((change) => change.action !== 'forget' && change.kind !== 'schedule')
    .map((change) => change.id);
  if (ids.length === 0) return new Map();
  const answer = await parts.files.ask({ kind: 'put-right', grounds: view.grounds, ids });
  const results = new Map(answer.results.map((result) => [result.id, result]));
  // No answer for an id means that its volume went away between looking and doing.
  for (const id of ids) if (!results.has(id)) results.set(id, lostFooting(id));
  return results;
}

function lostFooting(id: string): FileResult {
  const at = id.slice(id.indexOf(':') + 1);
  return { id, kind: 'failed', seen: { kind: 'blocked', block: { why: 'error', at, code: 'ENODEV' } } };
}

async function applySchedules(planned: Plan, findings: readonly ScheduleFinding[], parts: PassParts): Promise<void> {
  const now = parts.clock.now();
  const changed = new Set(planned.changes.map((change) => change.id));
  const put = findings.filter((finding) => changed.has(finding.want.id)).map(({ want }) => rowOf(want, now));
  const remove = planned.changes
    .filter((change) => change.kind === 'schedule' && change.action === 'forget')
    .map((change) => change.id.slice('schedule:'.length));
  if (put.length > 0 || remove.length > 0) await parts.store.saveSchedules({ put, remove });
}

/** A policy that is new or has another schedule gets its next slot, never a catch-up. */
function rowOf(want: { policy: string; cron: string; timezone: string }, now: Date): ScheduleRow {
  const { policy, cron, timezone } = want;
  return { policy, cron, timezone, nextRunAt: isoSeconds(nextRun({ cron, timezone, after: now })) };
}
