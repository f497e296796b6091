import type { ResticPlace } from '../commands/restic.ts';
import type { BackupJob } from './backup-job.ts';
import type { PolicyParts } from './policy-parts.ts';
import { readRepositoryId } from './restic-repository.ts';
import { stopped } from './run-job.ts';
import { faultReport, type RunReport } from './run-report.ts';

/** Why a run must not use the repository that is there: it cannot be opened, or is another one than was initialised. */
export async function checkRepository(
  job: BackupJob,
  place: ResticPlace,
  parts: PolicyParts,
): Promise<RunReport | undefined> {
  const { repository } = job.policy;
  const found = await readRepositoryId(place, { policy: job.name, repository }, job.signal);
  if (job.signal.aborted) return stopped(job);
  if (found.kind === 'fault') return faultReport('failed', found.fault);
  const remembered = (await parts.store.repositoryIds()).get(repository);
  if (remembered === found.id) return undefined;
  return faultReport('refused', {
    reason: 'RepositoryChanged',
    message: `the repository at ${repository} is another one than ${job.name} was initialised with: its id is ${found.id.slice(0, 8)}…, expected ${remembered?.slice(0, 8) ?? 'one'}…`,
    next: `find out who replaced it; to go on with this one: anchord policy init ${job.name}`,
  });
}
