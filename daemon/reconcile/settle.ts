import type { ResourceState } from '../../state-schema/generated/status.ts';
import { faultText } from '../fault-text.ts';
import type { FileResult } from '../files/file-wants.ts';
import type { GuardVerdict } from '../guards/judge-volume.ts';
import type { Desired, DesiredResource } from '../resources/desired.ts';
import type { ShareTroubles } from '../samba/share-view.ts';
import type { InventoryItem, PassDeed } from '../store/store.ts';
import { explainSeen } from './explain-seen.ts';
import { differenceWords } from './plan-report.ts';
import type { Change, Plan } from './plan.ts';
import { shellWord } from '../shell-word.ts';

/** Whoever may change a link may make its target long. Characters. */
const WHAT_LIMIT = 200;

/** What a pass did and saw, from which the state of every resource follows. */
export interface PassFacts {
  readonly desired: Desired;
  readonly plan: Plan;
  /** How the changes of file resources ended; a change without a result here is done. */
  readonly results: ReadonlyMap<string, FileResult>;
  /** Ids that were still wrong when looked at again after applying. */
  readonly stillWrong: ReadonlySet<string>;
  /** What could not be done about shares. */
  readonly shareTroubles?: ShareTroubles;
  readonly volumes: ReadonlyMap<string, GuardVerdict>;
  readonly inventory: ReadonlyMap<string, InventoryItem>;
  /** UTC, ISO 8601. */
  readonly now: string;
}

/** What to write into the inventory, and how many of each outcome the pass had. */
export interface Settled {
  readonly put: readonly InventoryItem[];
  readonly remove: readonly string[];
  readonly changed: number;
  readonly repaired: number;
  readonly failed: number;
  readonly waiting: number;
  /** What was done and is right now, one by one. */
  readonly deeds: readonly PassDeed[];
}

/** Of a pass that only looked. */
export const NOTHING_SETTLED: Settled = {
  put: [],
  remove: [],
  changed: 0,
  repaired: 0,
  failed: 0,
  waiting: 0,
  deeds: [],
};

type Verdict = Pick<InventoryItem, 'state' | 'reason' | 'message'>;

/** Turns a pass's facts into the state of every resource. Pure. */
export function settle(facts: PassFacts): Settled {
  const put: InventoryItem[] = [];
  const deeds: PassDeed[] = [];
  const count = { changed: 0, drifted: 0, failed: 0, waiting: 0 };
  const hindrances = new Map(facts.plan.hindrances.map((hindrance) => [hindrance.id, hindrance]));
  const changes = new Map(facts.plan.changes.map((change) => [change.id, change]));
  const known = { ...facts, wanted: new Map(facts.desired.resources.map((one) => [one.id, one])) };
  for (const resource of facts.desired.resources) {
    const change = changes.get(resource.id);
    const verdict = hindrances.get(resource.id) ?? verdictOf(resource, change, known);
    if (isCounted(verdict.state)) count[verdict.state]++;
    if (change !== undefined && isDone(verdict)) deeds.push(deedOf(change));
    const item = itemOf(resource, verdict, facts);
    if (item !== undefined) put.push(item);
  }
  for (const id of facts.plan.orphans) {
    const item = facts.inventory.get(id);
    if (item !== undefined && item.state !== 'orphaned') put.push(orphanOf(item, facts.now));
  }
  const remove = facts.plan.changes.filter((change) => change.action === 'forget').map((change) => change.id);
  const { drifted: repaired, ...counted } = count;
  return { put, remove, ...counted, repaired, deeds };
}

function isCounted(state: ResourceState): state is 'changed' | 'drifted' | 'failed' | 'waiting' {
  return state === 'changed' || state === 'drifted' || state === 'failed' || state === 'waiting';
}

function isDone({ state }: Verdict): boolean {
  return state === 'changed' || state === 'drifted';
}

function deedOf({ id, action, differences }: Change): PassDeed {
  const what = differences.map(differenceWords).join(', ');
  return {
    id,
    kind: action === 'repair' ? 'repair' : 'change',
    what: what.length > WHAT_LIMIT ? `${what.slice(0, WHAT_LIMIT)}…` : what,
  };
}

interface KnownFacts extends PassFacts {
  readonly wanted: ReadonlyMap<string, DesiredResource>;
}

function verdictOf(resource: DesiredResource, change: Change | undefined, facts: KnownFacts): Verdict {
  const trouble = facts.shareTroubles?.get(resource.id);
  if (trouble !== undefined) return trouble;
  if (change !== undefined) {
    const failure = failureOf(resource, facts);
    if (failure !== undefined) return failure;
    return { state: change.action === 'repair' ? 'drifted' : 'changed' };
  }
  const verdict =
    resource.kind === 'volume' ? facts.volumes.get(resource.id.slice('volume:'.length)) : undefined;
  if (verdict?.kind === 'full')
    return { state: 'in-sync', reason: verdict.fault.reason, message: verdict.fault.message };
  if (resource.simulated !== undefined) {
    const reason = resource.kind === 'share' ? 'ShareSimulated' : 'OwnerSimulated';
    return { state: 'simulated', reason, message: `${resource.simulated}: simulated here` };
  }
  return { state: 'in-sync' };
}

function failureOf(resource: DesiredResource, facts: KnownFacts): Verdict | undefined {
  const result = facts.results.get(resource.id);
  if (result?.kind === 'failed') {
    return (
      explainSeen(resource, result.seen, facts.wanted) ?? {
        state: 'failed',
        reason: 'InputOutputError',
        message: `${resource.id} could not be made`,
      }
    );
  }
  if (!facts.stillWrong.has(resource.id)) return undefined;
  return {
    state: 'failed',
    reason: 'InputOutputError',
    message: `${resource.id} was put right and is wrong again; something else on this host keeps changing it`,
  };
}

/** The inventory item, or nothing when it says the same as before. */
function itemOf(resource: DesiredResource, verdict: Verdict, facts: PassFacts): InventoryItem | undefined {
  const known = facts.inventory.get(resource.id);
  const same =
    known !== undefined &&
    known.state === verdict.state &&
    known.digest === resource.digest &&
    known.reason === verdict.reason &&
    known.message === verdict.message;
  if (same) return undefined;
  const keepsSince =
    known !== undefined && (known.state === verdict.state || settlesFrom(known.state, verdict.state));
  return {
    id: resource.id,
    kind: resource.kind,
    state: verdict.state,
    since: keepsSince ? known.since : facts.now,
    digest: resource.digest,
    ...(verdict.reason === undefined ? {} : { reason: verdict.reason }),
    ...(verdict.message === undefined ? {} : { message: verdict.message }),
  };
}

/** `changed` and `drifted` tell what the last pass did; the next one settles them without it being news. */
function settlesFrom(before: ResourceState, after: ResourceState): boolean {
  return (before === 'changed' || before === 'drifted') && (after === 'in-sync' || after === 'simulated');
}

function orphanOf(known: InventoryItem, now: string): InventoryItem {
  const path = known.id.slice(known.id.indexOf(':') + 1);
  const fault = {
    message: 'no longer declared, and it stays: anchord never deletes what may hold data',
    next: known.kind === 'link' ? `rm ${shellWord(path)}` : `look into it, then: rmdir ${shellWord(path)}`,
  };
  return {
    id: known.id,
    kind: known.kind,
    state: 'orphaned',
    reason: 'NotDeclared',
    message: faultText(fault),
    since: now,
    digest: known.digest,
  };
}
