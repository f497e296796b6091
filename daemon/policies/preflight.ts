import { isSupported, parseVersion, versionArgs } from '../commands/restic-version.ts';
import type { Fault } from '../errors.ts';
import { run } from '../process/run.ts';
import { guardRepository } from './guard-repository.ts';
import type { PolicyParts } from './policy-parts.ts';
import type { NamedBackup } from './repository-place.ts';
import { hookFault } from './run-hook.ts';

const VERSION_TIMEOUT_MS = 30_000;

/**
 * Why a backup cannot begin now although nothing is wrong with its data: a guard fails, restic is not installed, nobody has
 * initialised the repository. A due run waits until that is over, instead of failing slot after slot.
 */
export async function preflight(backup: NamedBackup, parts: PolicyParts): Promise<Fault | undefined> {
  const { policy } = backup;
  return (
    (await notSetUp(backup, parts)) ??
    hookFault(policy.freeze, parts) ??
    (await parts.guard(policy.source, 'read')) ??
    (await guardRepository(policy.repository, 'write', parts)) ??
    (await programFault(parts.path))
  );
}

/** Tells when nobody has initialised the repository of a policy yet, or even could have. */
export async function notSetUp(backup: NamedBackup, parts: PolicyParts): Promise<Fault | undefined> {
  const { repository } = backup.policy;
  if ((await parts.store.repositoryIds()).has(repository)) return undefined;
  const missing = await programFault(parts.path);
  if (missing !== undefined) return missing;
  return {
    reason: 'NotInitialised',
    message: `the repository ${repository} has not been initialised`,
    next: `anchord policy init ${backup.name}`,
  };
}

/** Why restic cannot be started, or is too old; undefined when it can be used. */
export async function programFault(path: string): Promise<Fault | undefined> {
  const result = await run({
    program: 'restic',
    args: versionArgs(),
    env: { PATH: path, LC_ALL: 'C' },
    timeoutMs: VERSION_TIMEOUT_MS,
  });
  if (result.end === 'not-found')
    return {
      reason: 'ProgramMissing',
      message: 'the program restic is not installed',
      next: 'apt install restic',
    };
  const version = parseVersion(result.stdout);
  if (version !== undefined && isSupported(version)) return undefined;
  const found = result.stdout.trim() || result.stderr.trim() || `exit status ${result.code ?? result.signal}`;
  return {
    reason: 'ProgramMissing',
    message: `restic 0.14 or later is needed; found: ${found.slice(0, 200)}`,
    next: 'apt install restic',
  };
}
