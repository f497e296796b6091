import type {
  Condition,
  LogEntry,
  PolicyStatus,
  Quarantined,
  ResourceStatus,
  Status,
} from '../../state-schema/generated/status.ts';
import type { Problem } from '../../state-schema/problem.ts';
import type { GuardedVolume } from '../guards/volume-guard.ts';
import { auditHead } from './audit-head.ts';
import type { ChainHead } from '../store/audit-entry.ts';
import type { InventoryItem, Revisions } from '../store/store.ts';
import { volumeStatus } from './volume-status.ts';
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
