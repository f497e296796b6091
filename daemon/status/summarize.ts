import type {
  Condition,
  LogEntry,
  PolicyStatus,
  Quarantined,
  ResourceStatus,
  Status,
  VolumeStatus,
} from '../../state-schema/generated/status.ts';
import type { Problem } from '../../state-schema/problem.ts';
import { faultText } from '../fault-text.ts';
import type { DiskSeen } from '../guards/volume-seen.ts';
import type { GuardedVolume } from '../guards/volume-guard.ts';
import { auditHead } from './audit-head.ts';
import type { ChainHead } from '../store/audit-entry.ts';
import type { InventoryItem, Revisions } from '../store/store.ts';
import { summarySentence } from './summary-sentence.ts';

/** How many resources a status lists one by one: at least so many, and all that are not in sync until there are very many. */
const ROWS = { usual: 1000, most: 2000 } as const;

/** Everything a status is made of. */
export interface StatusFacts {
  readonly host: string;
  readonly version: string;
  readonly startedAt: string;
  /** UTC, ISO 8601. */
  readonly now: string;
  /** A reader who sees nothing newer for twice this long should doubt what it reads. Seconds. */
  readonly expectedEverySeconds: number;
  readonly url: string;
  readonly branch: string;
  /** The newest tip that the remote told of. */
  readonly observed?: string;
  readonly revisions: Revisions;
  readonly log: readonly LogEntry[];
  readonly conditions: readonly Condition[];
  readonly resources: Iterable<InventoryItem>;
  readonly volumes: readonly GuardedVolume[];
  readonly policies: readonly PolicyStatus[];
  readonly notCarriedOut: readonly string[];
  /** Where news goes; absent when nowhere. */
  readonly notify?: Pick<Status, 'notifications'>;
  /** After the last line of the audit. */
  readonly audit?: ChainHead;
}

/** One document that says how the host is. Pure. */
export function summarize(facts: StatusFacts): Status {
  const { attempted, applied, rejected, verification, quarantined = [] } = facts.revisions;
  const status: Omit<Status, 'summary'> = {
    version: 1,
    host: facts.host,
    generatedAt: facts.now,
    expectedEverySeconds: facts.expectedEverySeconds,
    daemon: { version: facts.version, startedAt: facts.startedAt },
    source: {
      url: facts.url,
      branch: facts.branch,
      ...(facts.observed === undefined ? {} : { observed: facts.observed }),
      ...(attempted === undefined ? {} : { attempted }),
      ...(applied === undefined ? {} : { applied }),
      ...(verification?.verified === undefined ? {} : { verified: verification.verified }),
      ...(rejected?.commit === undefined ? {} : { refused: rejected.commit }),
      ...(quarantined.length === 0 ? {} : { quarantined: quarantined.map(quarantinedForStatus) }),
      log: [...facts.log],
    },
    conditions: [...facts.conditions],
    problems: (rejected?.problems ?? []).map(problemForStatus),
    resources: resourcesOf(facts.resources),
    volumes: facts.volumes.map(volumeStatus),
    policies: [...facts.policies],
    ...auditHead(facts.audit),
    ...facts.notify,
    notCarriedOut: [...facts.notCarriedOut],
  };
  return { ...status, summary: summarySentence(status) };
}

function quarantinedForStatus({ revision, reason, message, since }: Quarantined): Quarantined {
  return { revision, reason, message, since };
}

function problemForStatus({ file, line, column, message }: Problem): Status['problems'][number] {
  return { file, line, column, message };
}

function resourcesOf(items: Iterable<InventoryItem>): Status['resources'] {
  const counts: Record<string, number> = {};
  const all: ResourceStatus[] = [];
  for (const { digest: _, ...resource } of items) {
    counts[resource.state] = (counts[resource.state] ?? 0) + 1;
    all.push(resource);
  }
  const notable = all.filter((resource) => RANK[resource.state] < RIGHT).length;
  const rows = Math.min(Math.max(ROWS.usual, notable), ROWS.most);
  const shown = all.toSorted(worstFirst).slice(0, rows);
  return { counts, items: shown, omitted: all.length - shown.length };
}

/** Rank of what is as it should be. */
const RIGHT = 4;

/** What a person should look at comes before what only stands there, and both before what is right. */
const RANK: Readonly<Record<ResourceStatus['state'], number>> = {
  failed: 0,
  waiting: 1,
  drifted: 2,
  orphaned: 3,
  changed: RIGHT,
  simulated: RIGHT,
  'in-sync': RIGHT,
};

function worstFirst(a: ResourceStatus, b: ResourceStatus): number {
  return RANK[a.state] - RANK[b.state] || byId(a, b);
}

function byId(a: ResourceStatus, b: ResourceStatus): number {
  return a.id < b.id ? -1 : 1;
}

function volumeStatus({ name, volume, verdict, seen }: GuardedVolume): VolumeStatus {
  const { disk } = seen;
  return {
    name,
    mount: volume.mount,
    guard: verdict.kind === 'failed' ? 'failed' : 'passed',
    reason: verdict.kind === 'passed' ? 'GuardsPassed' : verdict.fault.reason,
    message: verdict.kind === 'passed' ? passedWords(disk) : faultText(verdict.fault),
    ...(disk?.mount === undefined ? {} : { device: disk.mount.source }),
    ...(disk?.sizeBytes === undefined ? {} : { sizeBytes: disk.sizeBytes }),
    ...(disk?.freeBytes === undefined || disk.sizeBytes === undefined
      ? {}
      : { freeBytes: wholePercents(disk.freeBytes, disk.sizeBytes) }),
  };
}

/** Below a folder instead of a real root there is no disk to look at: what was not checked is not claimed. */
function passedWords(disk: DiskSeen | undefined): string {
  return disk === undefined ? 'The folder carries the sentinel of this volume.' : 'Mounted as declared.';
}

/** Free space in steps of one percent of the disk, so that a filling disk is news a hundred times and no more. */
function wholePercents(free: number, size: number): number {
  const step = Math.max(1, Math.floor(size / 100));
  return Math.floor(free / step) * step;
}
