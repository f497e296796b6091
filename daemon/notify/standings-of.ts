import type { PolicyStatus, Reason, Status, VolumeStatus } from '../../state-schema/generated/status.ts';
import type { HostState } from '../../state-schema/host-state.ts';
import { faultOfText } from '../fault-text.ts';
import { conditionStandings } from './condition-standings.ts';
import { volumesOfPolicy } from './volumes-of-policy.ts';
import type { Standing, Trouble } from './trouble.ts';

const MINUTE_MS = 60_000;
/** What waits for a person most often waits because that person is just setting it up. */
const SET_UP_MS = 10 * MINUTE_MS;

/** Reasons for which something waits that need nobody: a person wants it so, or it goes on by itself. */
const QUIET: ReadonlySet<Reason> = new Set<Reason>([
  'Suspended',
  'Cancelled',
  'Interrupted',
  'LockHeld',
  'RepositoryLocked',
  'Running',
  'Starting',
]);

/** How everything on a host is that news is made of. What only fails because a volume does is counted there. Pure. */
export function standingsOf(status: Status, state: HostState, now: Date): readonly Standing[] {
  const seen = new Map(status.volumes.map((volume) => [volume.name, volume]));
  const volumes = Object.keys(state.volumes).map((name): Standing => {
    const volume = seen.get(name);
    return volume === undefined
      ? { kind: 'unclear', subject: `volume:${name}` }
      : volumeStanding(volume, status, state);
  });
  const lost = new Set(volumes.filter(({ kind }) => kind === 'trouble').map(({ subject }) => subject));
  const policies = status.policies
    .filter((policy) => policy.state !== 'not-carried-out')
    .map((policy): Standing => {
      const isStopped = volumesOfPolicy(policy.name, state).some((volume) => lost.has(`volume:${volume}`));
      return isStopped ? { kind: 'unclear', subject: `policy:${policy.name}` } : policyStanding(policy, now);
    });
  return [...volumes, ...policies, ...conditionStandings(status, { volumesLost: lost.size > 0 })];
}

function volumeStanding(volume: VolumeStatus, status: Status, state: HostState): Standing {
  const subject = `volume:${volume.name}`;
  if (volume.guard === 'unknown') return { kind: 'unclear', subject };
  if (volume.guard === 'passed' && volume.reason !== 'BelowMinimumFree') return { kind: 'well', subject };
  const resource = status.resources.items.find(({ id }) => id === subject);
  const trouble: Trouble = {
    subject,
    event: 'guard',
    reason: volume.reason,
    ...faultOfText(volume.message),
    ...(resource === undefined ? {} : { since: resource.since }),
    policies: status.policies
      .filter((policy) => policy.state !== 'not-carried-out')
      .map(({ name }) => name)
      .filter((name) => volumesOfPolicy(name, state).includes(volume.name)),
    patienceMs: volume.reason === 'NotAdopted' ? SET_UP_MS : 0,
  };
  return { kind: 'trouble', subject, trouble };
}

function policyStanding(policy: PolicyStatus, now: Date): Standing {
  const { state, name, overdueAfter, lastRun } = policy;
  const subject = `policy:${name}`;
  switch (state) {
    case 'failed':
    case 'partial':
      return trouble(policy, { event: 'failed', ...since(lastRun?.endedAt), patienceMs: 0 });
    case 'overdue':
      return trouble(policy, { event: 'overdue', ...since(overdueAfter), patienceMs: 0 });
    case 'waiting':
      return waitingStanding(policy, now);
    case 'ok':
      return { kind: 'well', subject };
    case 'running':
    case 'never-run':
    case 'not-carried-out':
      return { kind: 'unclear', subject };
  }
}

function waitingStanding(policy: PolicyStatus, now: Date): Standing {
  const { name, reason, overdueAfter } = policy;
  const isLate = overdueAfter !== undefined && Date.parse(overdueAfter) <= now.getTime();
  if (isLate && reason !== 'Suspended')
    return trouble(policy, { event: 'overdue', ...since(overdueAfter), patienceMs: 0 });
  if (QUIET.has(reason)) return { kind: 'unclear', subject: `policy:${name}` };
  return trouble(policy, { event: 'failed', patienceMs: SET_UP_MS });
}

function since(time: string | undefined): Pick<Trouble, 'since'> {
  return time === undefined ? {} : { since: time };
}

function trouble(
  { name, reason, message, lastSuccessAt }: PolicyStatus,
  how: Pick<Trouble, 'event' | 'since' | 'patienceMs'>,
): Standing {
  const subject = `policy:${name}`;
  const about = {
    subject,
    reason,
    ...faultOfText(message),
    ...(lastSuccessAt === undefined ? {} : { lastGoodAt: lastSuccessAt }),
    policies: [name],
  };
  return { kind: 'trouble', subject, trouble: { ...about, ...how } };
}
