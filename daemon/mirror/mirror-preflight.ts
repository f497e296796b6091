import { isAtLeast, parseRcloneVersion, rcloneVersionArgs } from '../commands/rclone-version.ts';
import { runRclone } from '../commands/rclone.ts';
import type { Fault } from '../errors.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';
import type { NamedMirror } from './mirror-job.ts';

/** The oldest rclone that was tried: that of Debian 12. */
const LEAST = { major: 1, minor: 60 } as const;
const VERSION_TIMEOUT_MS = 30_000;

/** Why a mirror cannot begin now although nothing is wrong with its data. A due run waits until that is over. */
export async function mirrorPreflight(
  { policy }: NamedMirror,
  parts: PolicyParts,
): Promise<Fault | undefined> {
  return (await parts.guard(policy.source, 'read')) ?? (await programFault(parts));
}

async function programFault({ path, stateDir }: PolicyParts): Promise<Fault | undefined> {
  const result = await runRclone(
    { path, stateDir, remotes: {} },
    { args: rcloneVersionArgs(), timeoutMs: VERSION_TIMEOUT_MS },
  );
  const next = 'apt install rclone';
  if (result.end === 'not-found')
    return { reason: 'ProgramMissing', message: 'the program rclone is not installed', next };
  const version = parseRcloneVersion(result.stdout);
  if (version !== undefined && isAtLeast(version, LEAST)) return undefined;
  const found = result.stdout.trim() || result.stderr.trim() || `exit status ${result.code ?? result.signal}`;
  return {
    reason: 'ProgramMissing',
    message: `rclone 1.60 or later is needed; found: ${found.slice(0, 200)}`,
    next,
  };
}
