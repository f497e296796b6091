import type { HostState } from '../../state-schema/host-state.ts';
import { isoSeconds, type Clock } from '../clock.ts';
import type { FileResult } from '../files/file-wants.ts';
import { slotAfter } from '../policies/schedule-row.ts';
import type { Desired } from '../resources/desired.ts';
import type { ScheduleFinding } from '../resources/schedule.ts';
import type { ShareTroubles } from '../samba/share-view.ts';
import type { Store } from '../store/store.ts';
import type { Flaps } from './flaps.ts';
import type { Inventory } from './inventory.ts';
import { observeHost, type HostView, type ObserveParts } from './observe-host.ts';
import { plan, waitsFor, type Plan } from './plan.ts';
import { settle, type Settled } from './settle.ts';

/** What a pass needs. */
export interface PassParts extends Omit<ObserveParts, 'inventory'> {
  readonly store: Pick<Store, 'schedules' | 'saveSchedules'>;
  readonly inventory: Inventory;
  readonly clock: Clock;
  readonly flaps: Flaps;
}

/** A pass that has looked and planned, and changed nothing yet. */
export interface PreparedPass {
  readonly desired: Desired;
  readonly view: HostView;
  readonly plan: Plan;
}

/** What a pass did. */
export interface PassOutcome extends PreparedPass {
  readonly settled: Settled;
}

/** The first half of a pass: observe and plan. What it plans is what `anchord plan` shows. */
export async function preparePass(
  state: HostState,
  desired: Desired,
  parts: Omit<ObserveParts, 'inventory'> & {
    readonly inventory: Pick<Inventory, 'items'>;
    readonly flaps: Pick<Flaps, 'leftAlone'>;
  },
): Promise<PreparedPass> {
  const view = await observeHost(state, desired, { ...parts, inventory: parts.inventory.items });
  return { desired, view, plan: plan(desired, { ...view, leftAlone: parts.flaps.leftAlone(desired) }) };
}

/** The second half: apply, probe, settle. One resource that fails does not stop the others. */
export async function applyPass(prepared: PreparedPass, parts: PassParts): Promise<PassOutcome> {
  const { view, plan: planned } = prepared;
  const results = await applyFiles(planned, view, parts);
  await applySchedules(planned, view.schedules, parts);
  const shareTroubles = await applyShares(prepared, results, parts);
  const probed =
    results.size === 0 ? undefined : await parts.files.ask({ kind: 'observe', grounds: view.grounds });
  const settled = settle({
    desired: prepared.desired,
    plan: planned,
    results,
    stillWrong: new Set(probed?.findings.map((finding) => finding.id)),
    shareTroubles,
    volumes: view.volumes,
    inventory: parts.inventory.items,
    now: isoSeconds(parts.clock.now()),
  });
  const done = doneIn(planned, results, shareTroubles);
  await parts.flaps.take({ ...prepared, done, inventory: parts.inventory.items });
  await parts.inventory.record(settled);
  return { ...prepared, settled };
}

async function applyFiles(
  planned: Plan,
  view: HostView,
  parts: PassParts,
): Promise<ReadonlyMap<string, FileResult>> {
  const ids = planned.changes
    .filter(({ action, kind }) => action !== 'forget' && kind !== 'schedule' && kind !== 'share')
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

/** Returns what could not be done about shares; one whose directory could not be made waits for it. */
async function applyShares(
  { desired, view, plan: planned }: PreparedPass,
  results: ReadonlyMap<string, FileResult>,
  parts: PassParts,
): Promise<ShareTroubles> {
  // What is left alone for now stands all the same, unless the plan says that the share waits for it.
  const hindered = new Set(planned.hindrances.map(({ id }) => id));
  const failed = new Set(
    planned.hindrances.filter(({ reason }) => reason !== 'Flapping').map(({ id }) => id),
  );
  for (const { id, kind } of results.values()) if (kind === 'failed') failed.add(id);
  const waiting = desired.resources.flatMap(({ id, kind, needs }) =>
    kind === 'share' && needs !== undefined && (failed.has(needs) || hindered.has(id))
      ? [[id, waitsFor(needs)] as const]
      : [],
  );
  const { work, ...lookedAt } = view.shares;
  const asks = work === undefined || areSharesLeftAlone(planned, view.shares) ? lookedAt : view.shares;
  const troubles = await parts.shares.apply(asks, new Set(waiting.map(([id]) => id)));
  return new Map([...troubles, ...waiting]);
}

/**
 * Whether only what must be left alone differs in Samba's configuration. It is one file: as soon as one share needs
 * anything, or must not be available, all of it is written.
 */
function areSharesLeftAlone({ changes, hindrances }: Plan, { down }: HostView['shares']): boolean {
  const hindered = hindrances.filter(({ kind }) => kind === 'share');
  const needsNone = down.size === 0 && !changes.some(({ kind }) => kind === 'share');
  return needsNone && hindered.length > 0 && hindered.every(({ reason }) => reason === 'Flapping');
}

function doneIn(
  planned: Plan,
  results: ReadonlyMap<string, FileResult>,
  troubles: ShareTroubles,
): ReadonlySet<string> {
  const files = [...results.values()].filter(({ kind }) => kind === 'done').map(({ id }) => id);
  const shares = planned.changes.filter(({ kind, id }) => kind === 'share' && !troubles.has(id));
  return new Set([...files, ...shares.map(({ id }) => id)]);
}

async function applySchedules(
  planned: Plan,
  findings: readonly ScheduleFinding[],
  parts: PassParts,
): Promise<void> {
  const now = parts.clock.now();
  const changed = new Set(planned.changes.map((change) => change.id));
  // A policy that is new or has another schedule gets its next slot, never a catch-up.
  const put = findings
    .filter((finding) => changed.has(finding.want.id))
    .map(({ want }) => slotAfter(want, now));
  const remove = planned.changes
    .filter((change) => change.kind === 'schedule' && change.action === 'forget')
    .map((change) => change.id.slice('schedule:'.length));
  if (put.length > 0 || remove.length > 0) await parts.store.saveSchedules({ put, remove });
}
