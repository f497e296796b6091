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

/** What the engine runs: the policies of the state repo, and what follows from them. */
export type RunnablePolicy = Policy | PrunePolicy;

/** All that runs on a schedule, by name. No policy of a state repo has a dot in its name. Pure. */
export function runnablePolicies(state: HostState): Readonly<Record<string, RunnablePolicy>> {
  const prunes = Object.entries(state.policies).flatMap(([name, policy]) =>
    policy.kind === 'backup' && policy.prune !== undefined
      ? [[`${name}.prune`, pruneOf(name, policy, policy.prune.schedule)] as const]
      : [],
  );
  return { ...state.policies, ...Object.fromEntries(prunes) };
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
