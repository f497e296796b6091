import type { BackupPolicy } from '../../state-schema/generated/state-file.ts';
import type { HostState } from '../../state-schema/host-state.ts';

/** What a state repo might say of a host with one volume. */
export function hostState(change: Partial<HostState> = {}): HostState {
  return {
    host: { name: 'motoko', timezone: 'UTC' },
    volumes: { flux: { mount: '/flux' } },
    directories: {},
    links: {},
    users: {},
    shares: {},
    remotes: {},
    secrets: {},
    policies: {},
    sources: {},
    clients: {},
    notify: [],
    ...change,
  };
}

/** A backup into a folder, at a time. */
export function backup(schedule: string): BackupPolicy {
  return {
    kind: 'backup',
    source: '/flux',
    repository: '/flux/repository',
    password: { secret: 'password' },
    schedule,
    keep: { daily: 7 },
  };
}
