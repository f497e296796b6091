import type { Difference } from '../files/file-wants.ts';
import type { Desired } from '../resources/desired.ts';
import type { Change, Hindrance, Plan } from './plan.ts';

/** What `anchord plan` shows: the same for a terminal, for `--json` and over the socket. */
export interface PlanReport {
  readonly host: string;
  /** The commit, or the folder that was planned. */
  readonly of: string;
  readonly changes: readonly Change[];
  readonly hindrances: readonly Hindrance[];
  /** Ids that stay on the host although nothing declares them any more. */
  readonly orphans: readonly string[];
  readonly inSync: number;
  readonly notCarriedOut: readonly string[];
  /** Declared details of what will be created, by id: one line each. */
  readonly details: Readonly<Record<string, string>>;
}

/** A plan as a report. Pure. */
export function planReport(what: {
  readonly host: string;
  readonly of: string;
  readonly desired: Desired;
  readonly plan: Plan;
  readonly notCarriedOut: readonly string[];
}): PlanReport {
  const { changes, hindrances, orphans } = what.plan;
  const touched = changes.filter((change) => change.action !== 'forget').length + hindrances.length;
  const created = new Set(changes.filter((change) => change.action === 'create').map((change) => change.id));
  const details: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const resource of what.desired.resources) {
    if (created.has(resource.id)) details[resource.id] = resource.detail;
  }
  return {
    host: what.host,
    of: what.of,
    changes,
    hindrances,
    orphans,
    inSync: what.desired.resources.length - touched,
    notCarriedOut: what.notCarriedOut,
    details,
  };
}

/** One difference in words: `mode 0755 → 2775`. Pure. */
export function differenceWords({ field, from, to }: Difference): string {
  return field === 'existence' ? to : `${field} ${from} → ${to}`;
}
