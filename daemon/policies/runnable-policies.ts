import type { BackupPolicy, Policy } from '../../state-schema/generated/state-file.ts';
import type { HostState } from '../../state-schema/host-state.ts';

/** The prune of a backup policy: on a schedule of its own, with runs of its own, else as its backup. */
export interface PrunePolicy extends Pick<
  BackupPolicy,
  'schedule' | 'jitter' | 'timeout' | 'nice' | 'ionice'
> {
  readonly kind: 'prune';
  /** Name of the backup policy. */
  readonly of: string;
  readonly backup: BackupPolicy;
}

/** The name of the backup of what anchord itself remembers. */
export const STATE_POLICY = 'anchord-state';

/** The backup of what anchord itself remembers, into the repository of a declared backup. */
export interface StatePolicy extends Pick<
  BackupPolicy,
  'schedule' | 'jitter' | 'timeout' | 'nice' | 'ionice'
> {
  readonly kind: 'state';
  /** Name of the backup policy whose repository it uses. */
  readonly of: string;
  readonly backup: BackupPolicy;
}

/** What the engine runs: the policies of the state repo, and what follows from them. */
export type RunnablePolicy = Policy | PrunePolicy | StatePolicy;

/** All that runs on a schedule, by name. No policy of a state repo has a dot in its name. Pure. */
export function runnablePolicies(
  state: HostState,
  withState: boolean,
): Readonly<Record<string, RunnablePolicy>> {
  const prunes = Object.entries(state.policies).flatMap(([name, policy]) =>
    policy.kind === 'backup' && policy.prune !== undefined
      ? [[`${name}.prune`, pruneOf(name, policy, policy.prune.schedule)] as const]
      : [],
  );
  const own = withState ? stateOf(state) : undefined;
  return {
    // One that a state repo calls so comes first: it is what somebody asked for.
    ...(own === undefined ? {} : { [STATE_POLICY]: own }),
    ...state.policies,
    ...Object.fromEntries(prunes),
  };
}

/** Into a repository far away, where there is one: what is remembered is needed most when the host is gone. */
function stateOf(state: HostState): StatePolicy | undefined {
  const backups = Object.entries(state.policies).flatMap(([name, policy]) =>
    policy.kind === 'backup' ? [{ name, policy }] : [],
  );
  const chosen = backups.find(({ policy }) => !policy.repository.startsWith('/')) ?? backups[0];
  if (chosen === undefined) return undefined;
  return { kind: 'state', of: chosen.name, backup: chosen.policy, schedule: '30 2 * * *', jitter: '1h' };
}

function pruneOf(of: string, backup: BackupPolicy, schedule: string): PrunePolicy {
  const { jitter, timeout, nice, ionice } = backup;
  return {
    kind: 'prune',
    of,
    backup,
    schedule,
    ...(jitter === undefined ? {} : { jitter }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(nice === undefined ? {} : { nice }),
    ...(ionice === undefined ? {} : { ionice }),
  };
}
