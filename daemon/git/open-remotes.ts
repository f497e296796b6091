import { join } from 'node:path';
import type { Emit } from '../events.ts';
import type { HostSettings } from '../settings/host-settings.ts';
import type { StatePaths } from '../settings/state-paths.ts';
import { StateRepo } from './state-repo.ts';
import { StatusBranch, statusBranchOf } from './status-branch.ts';

/** What of a host its remotes depend on. */
export interface RemotesOptions {
  readonly settings: HostSettings;
  readonly paths: StatePaths;
  /** PATH for host programs. */
  readonly path: string;
  readonly emit: Emit;
  /** Called at each look with the commit the status branch is at, if the state repo has it; undefined: it is gone. */
  readonly onStatusTip?: (tip: string | undefined) => void;
}

/** Opens where the state comes from and where the status goes, as the host settings say. Asks neither anything. */
export async function openRemotes(options: RemotesOptions): Promise<{
  readonly repo: StateRepo;
  readonly branch: StatusBranch;
}> {
  const { settings, paths, path, emit, onStatusTip } = options;
  const own = statusBranchOf(settings.host);
  const limits = { fetchBytes: settings.repository.fetchLimitBytes };
  const repo = await StateRepo.open({
    ...settings.repository,
    limits,
    path,
    home: join(paths.gitHome, 'source'),
    dir: paths.mirror,
    emit,
    // One question for both branches: that somebody moved or removed the status branch costs nothing to notice.
    ...(onStatusTip !== undefined && settings.status.url === settings.repository.url
      ? { onHeads: (heads: ReadonlyMap<string, string>) => onStatusTip(heads.get(own)) }
      : {}),
  });
  const branch = await StatusBranch.open({
    ...settings.status,
    limits,
    path,
    home: join(paths.gitHome, 'status'),
    dir: paths.statusRepo,
    host: settings.host,
  });
  return { repo, branch };
}
