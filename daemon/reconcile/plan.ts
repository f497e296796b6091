import type { Reason, ResourceKind } from '../../state-schema/generated/status.ts';
import { faultText } from '../fault-text.ts';
import type { Difference, FileFinding } from '../files/file-wants.ts';
import type { GuardVerdict } from '../guards/judge-volume.ts';
import type { Desired, DesiredResource } from '../resources/desired.ts';
import type { ShareView } from '../samba/share-view.ts';
import type { ScheduleFinding } from '../resources/schedule.ts';
import type { InventoryItem } from '../store/store.ts';
import { explainSeen } from './explain-seen.ts';

/** One thing a pass will do. `repair`: it was right once, and something other than a revision changed it. */
export interface Change {
  readonly id: string;
  readonly kind: ResourceKind;
  readonly action: 'create' | 'update' | 'repair' | 'forget';
  readonly differences: readonly Difference[];
}

/** One thing a pass cannot do, and why. */
export interface Hindrance {
  readonly id: string;
  readonly kind: ResourceKind;
  readonly state: 'failed' | 'waiting';
  readonly reason: Reason;
  readonly message: string;
}

/** Why a resource is not put right although it could be. */
export interface LeftAlone {
  readonly reason: 'Flapping';
  readonly message: string;
}

/** What is, beside what should be. */
export interface Observed {
  readonly volumes: ReadonlyMap<string, GuardVerdict>;
  readonly files: readonly FileFinding[];
  readonly schedules: readonly ScheduleFinding[];
  readonly shares?: Pick<ShareView, 'findings' | 'troubles'>;
  readonly inventory: ReadonlyMap<string, InventoryItem>;
  /** Managed file resources that no revision wants any more, and whether they are still there. */
  readonly leftOver: readonly { readonly id: string; readonly kind: ResourceKind; readonly gone: boolean }[];
  /** What is left alone for now if it differs, by id. */
  readonly leftAlone?: ReadonlyMap<string, LeftAlone>;
}

/** What a pass would do. */
export interface Plan {
  readonly changes: readonly Change[];
  readonly hindrances: readonly Hindrance[];
  /** Ids that stay on the host although nothing declares them any more. */
  readonly orphans: readonly string[];
}

/** Compares desired with observed. Pure: the same input gives the same plan, and planning changes nothing. */
export function plan(desired: Desired, observed: Observed): Plan {
  const changes: Change[] = [];
  const hindrances: Hindrance[] = [];
  const findings = new Map(observed.files.map((finding) => [finding.id, finding]));
  const others = otherDifferences(observed);
  const wanted = new Map(desired.resources.map((resource) => [resource.id, resource]));
  const missing = new Set<string>();
  const hindered = new Set<string>();
  for (const resource of desired.resources) {
    const finding = findings.get(resource.id);
    const differences = finding?.differences ?? others.get(resource.id) ?? [];
    const hindrance =
      hindranceOf(resource, { observed, finding, wanted }) ??
      parentHindrance(resource, finding, missing) ??
      needHindrance(resource, hindered) ??
      flapHindrance(resource, differences, observed);
    if (hindrance !== undefined) {
      if (isAbsent(finding)) missing.add(resource.id);
      if (isInTheWay(hindrance, finding)) hindered.add(resource.id);
      hindrances.push({ id: resource.id, kind: resource.kind, ...hindrance });
      continue;
    }
    if (differences.length > 0)
      changes.push(changeOf(resource, differences, observed.inventory.get(resource.id)));
  }
  const gone = observed.leftOver.filter((item) => item.gone);
  return {
    changes: [
      ...changes,
      ...gone.map(({ id, kind }): Change => ({ id, kind, action: 'forget', differences: [] })),
    ],
    hindrances,
    orphans: observed.leftOver.filter((item) => !item.gone).map((item) => item.id),
  };
}

/** What differs in resources that are no files. */
function otherDifferences({ schedules, shares }: Observed): ReadonlyMap<string, readonly Difference[]> {
  const ofSchedules = schedules.map((finding) => [finding.want.id, finding.differences] as const);
  return new Map([...ofSchedules, ...(shares?.findings ?? [])]);
}

function hindranceOf(
  resource: DesiredResource,
  seen: {
    observed: Observed;
    finding: FileFinding | undefined;
    wanted: ReadonlyMap<string, DesiredResource>;
  },
): Omit<Hindrance, 'id' | 'kind'> | undefined {
  const volume = resource.kind === 'volume' ? resource.id.slice('volume:'.length) : resource.volume;
  const verdict = volume === undefined ? undefined : seen.observed.volumes.get(volume);
  if (verdict?.kind === 'failed') {
    if (resource.kind === 'volume') {
      return { state: 'failed', reason: verdict.fault.reason, message: faultText(verdict.fault) };
    }
    return {
      state: 'waiting',
      reason: 'GuardFailed',
      message: `waits for volume ${volume ?? ''}, whose guard failed`,
    };
  }
  if (resource.impossible !== undefined) return { state: 'failed', ...resource.impossible };
  const trouble = seen.observed.shares?.troubles.get(resource.id);
  if (trouble !== undefined) return trouble;
  return seen.finding === undefined ? undefined : explainSeen(resource, seen.finding.seen, seen.wanted);
}

/** A declared parent that cannot be made now must not be made on the way to its child, with an owner nobody declared. */
function parentHindrance(
  { id }: DesiredResource,
  finding: FileFinding | undefined,
  missing: ReadonlySet<string>,
): Omit<Hindrance, 'id' | 'kind'> | undefined {
  if (finding?.seen.kind !== 'absent') return undefined;
  const path = id.slice(id.indexOf(':') + 1);
  for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) {
    const parent = path.slice(0, cut);
    if (missing.has(`directory:${parent}`))
      return {
        state: 'waiting',
        reason: 'DependencyFailed',
        message: faultText({ message: `waits for the directory ${parent}` }),
      };
  }
  return undefined;
}

/** What stands on a resource that cannot be made waits for it. */
function needHindrance(
  { needs }: DesiredResource,
  hindered: ReadonlySet<string>,
): Omit<Hindrance, 'id' | 'kind'> | undefined {
  return needs !== undefined && hindered.has(needs) ? waitsFor(needs) : undefined;
}

/** The verdict on something that waits for another resource. Pure. */
export function waitsFor(id: string): { state: 'waiting'; reason: 'DependencyFailed'; message: string } {
  const message = faultText({ message: `waits for the ${id.replace(':', ' ')}` });
  return { state: 'waiting', reason: 'DependencyFailed', message };
}

/** What is there and only not quite as declared stands all the same: what needs it goes on. */
function isInTheWay({ reason }: Pick<Hindrance, 'reason'>, finding: FileFinding | undefined): boolean {
  return reason !== 'Flapping' || isAbsent(finding);
}

function isAbsent(finding: FileFinding | undefined): boolean {
  return finding?.seen.kind === 'absent';
}

function flapHindrance(
  { id }: DesiredResource,
  differences: readonly Difference[],
  { leftAlone }: Observed,
): Omit<Hindrance, 'id' | 'kind'> | undefined {
  const held = differences.length === 0 ? undefined : leftAlone?.get(id);
  return held === undefined ? undefined : { state: 'failed', ...held };
}

function changeOf(
  resource: DesiredResource,
  differences: readonly Difference[],
  known: InventoryItem | undefined,
): Change {
  const { id, kind } = resource;
  const wasRight =
    known !== undefined &&
    known.digest === resource.digest &&
    (known.state !== 'failed' || known.reason === 'Flapping') &&
    known.state !== 'waiting';
  if (wasRight) return { id, kind, action: 'repair', differences };
  const absent = differences.some((difference) => difference.field === 'existence');
  return { id, kind, action: absent ? 'create' : 'update', differences };
}
