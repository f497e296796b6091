import type { History } from '../../state-schema/generated/history.ts';
import type { PolicyStatus, ResourceStatus, Status } from '../../state-schema/generated/status.ts';

/**
 * What a status and its history mean, as text: the same meaning needs no second commit. Left out is whatever a clock
 * alone changes (times of writing, next runs, progress) and what the next pass settles by itself.
 */
export function meaning(status: Status, history: History): string {
  return JSON.stringify([
    status.host,
    status.daemon.version,
    status.source.url,
    status.source.branch,
    status.source.observed,
    status.source.attempted,
    status.source.applied,
    status.source.verified,
    status.source.refused,
    status.source.quarantined,
    status.conditions
      .filter((condition) => condition.type !== 'Reconciling' && condition.type !== 'StatusPublished')
      .map(({ type, status: value, reason, message }) => [type, value, reason, message]),
    status.problems,
    status.resources.items.filter((item) => !isRight(item)).map(resourceMeaning),
    status.volumes,
    status.policies.map(policyMeaning),
    status.notCarriedOut,
    status.notifications?.map(({ to, state, reason }) => [to, state, reason]),
    history.passes[0]?.id,
  ]);
}

/** Which resources there are follows from the revision; what is right, or was put right, stands in the passes. */
function isRight({ state }: ResourceStatus): boolean {
  return state === 'changed' || state === 'in-sync' || state === 'drifted' || state === 'simulated';
}

function resourceMeaning({ id, state, reason, message }: ResourceStatus): readonly unknown[] {
  return [id, state, reason, message];
}

/** A run that begins is no news; that it ended is, by its id. */
function policyMeaning(policy: PolicyStatus): readonly unknown[] {
  const standing =
    policy.state === 'overdue' || policy.state === 'waiting' || policy.state === 'not-carried-out';
  return [
    policy.name,
    policy.kind,
    policy.schedule,
    policy.timezone,
    policy.source,
    policy.target,
    policy.keep,
    policy.lastRun?.id,
    standing ? [policy.state, policy.reason] : '',
  ];
}
