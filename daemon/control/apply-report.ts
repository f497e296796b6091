import type { Condition } from '../../state-schema/generated/status.ts';
import type { Fault } from '../errors.ts';
import { faultOfText } from '../fault-text.ts';
import type { PassOutcome } from '../reconcile/run-pass.ts';

/** How many resources a report names. */
const NAMED = 20;

/** Where making the host match came to a halt, and why. */
export interface ApplyHindrance extends Fault {
  /** `fetch`: the remote. `revision`: what it has is not accepted. `pass`: nothing could be done. `resources`: some are not right. */
  readonly at: 'fetch' | 'revision' | 'pass' | 'resources';
}

/** What `anchord apply` came to: the same for a terminal, for `--json` and over the socket. */
export interface ApplyReport {
  readonly kind: 'applied';
  /** The commit or folder the host was made to match; absent when there is none yet. */
  readonly of?: string;
  readonly changed: number;
  readonly repaired: number;
  readonly failed: number;
  readonly waiting: number;
  /** What was done or is not right, 20 at the most. */
  readonly resources: readonly { readonly id: string; readonly state: string; readonly what: string }[];
  readonly hindrance?: ApplyHindrance;
}

/** What a round came to, for the person who asked for it. Pure. */
export function applyReport(round: {
  readonly of: string | undefined;
  readonly outcome: PassOutcome | undefined;
  readonly condition: (type: Condition['type']) => Condition | undefined;
}): ApplyReport {
  const hindrance = hindranceOf(round.condition);
  return {
    ...outcomeReport(round.of, round.outcome),
    ...(hindrance === undefined ? {} : { hindrance }),
  };
}

/** What one pass did. Pure. */
export function outcomeReport(of: string | undefined, outcome: PassOutcome | undefined): ApplyReport {
  const { changed = 0, repaired = 0, failed = 0, waiting = 0 } = outcome?.settled ?? {};
  return {
    kind: 'applied',
    ...(of === undefined ? {} : { of }),
    changed,
    repaired,
    failed,
    waiting,
    resources: outcome === undefined ? [] : resourcesOf(outcome).slice(0, NAMED),
  };
}

function resourcesOf({ plan, settled }: PassOutcome): ApplyReport['resources'] {
  const wrong = new Map(plan.hindrances.map(({ id, state, message }) => [id, { id, state, what: message }]));
  for (const { id, state, message } of settled.put)
    if (state === 'failed' || state === 'waiting') wrong.set(id, { id, state, what: message ?? '' });
  const done = settled.deeds.map(({ id, kind, what }) => ({
    id,
    state: kind === 'repair' ? 'put right' : 'changed',
    what,
  }));
  return [...wrong.values(), ...done];
}

function hindranceOf(
  condition: (type: Condition['type']) => Condition | undefined,
): ApplyHindrance | undefined {
  const fetched = condition('Fetched');
  if (fetched?.status === 'False') return { at: 'fetch', ...faultIn(fetched) };
  const stalled = condition('Stalled');
  if (stalled?.status === 'True') return { at: 'revision', ...faultIn(stalled) };
  const applied = condition('Applied');
  if (applied === undefined)
    return {
      at: 'pass',
      reason: 'RevisionUnreadable',
      message: 'no revision is in force yet',
      next: 'anchord status',
    };
  if (applied.status === 'True') return undefined;
  const isPart = applied.reason === 'ResourcesFailed' || applied.reason === 'ResourcesWaiting';
  return { at: isPart ? 'resources' : 'pass', ...faultIn(applied) };
}

function faultIn({ reason, message }: Condition): Fault {
  return { reason, ...faultOfText(message) };
}
