import {
  lifecycleArgs,
  LIFECYCLE_SINCE,
  parseLifecycle,
  type LifecycleRule,
} from '../commands/rclone-lifecycle.ts';
import { isAtLeast, parseRcloneVersion, rcloneVersionArgs } from '../commands/rclone-version.ts';
import { runRclone } from '../commands/rclone.ts';
import type { MirrorRun } from './mirror-calls.ts';

const ASK_TIMEOUT_MS = 60_000;

/** What becomes of objects that a mirror deletes or replaces, in words: it depends on the store. */
export async function keptVersions(run: MirrorRun): Promise<string> {
  switch (run.ends.store) {
    case 'b2':
      return await ofB2(run);
    case 's3':
    case 'azureblob':
      return 'what is deleted there is gone, unless the bucket keeps versions';
    default:
      return 'what is deleted there is gone';
  }
}

/** B2 hides what is deleted; how long hidden versions last is a rule of the bucket. */
async function ofB2({ ends, job }: MirrorRun): Promise<string> {
  const { place, request } = ends;
  const common = { signal: job.signal, timeoutMs: ASK_TIMEOUT_MS };
  const version = parseRcloneVersion(
    (await runRclone(place, { args: rcloneVersionArgs(), ...common })).stdout,
  );
  if (version === undefined || !isAtLeast(version, LIFECYCLE_SINCE))
    return 'how long B2 keeps what is deleted is unknown: only rclone 1.65 and later can ask';
  const bucket = request.destination.split('/')[0] ?? request.destination;
  const rules = parseLifecycle((await runRclone(place, { args: lifecycleArgs(bucket), ...common })).stdout);
  return rules === undefined
    ? 'how long B2 keeps what is deleted is unknown: it does not tell'
    : lifecycleWords(rules, request.destination);
}

/** How long hidden versions below a place are kept, by the rules of its bucket. Pure. */
export function lifecycleWords(rules: readonly LifecycleRule[], destination: string): string {
  const path = destination
    .slice(destination.indexOf(':') + 1)
    .split('/')
    .slice(1)
    .join('/');
  const days = rules
    .filter(({ prefix }) => path.startsWith(prefix) || prefix.startsWith(path))
    .flatMap(({ daysHidden }) => daysHidden ?? []);
  if (days.length === 0) return 'B2 keeps what is deleted for ever';
  const least = Math.min(...days);
  return `B2 keeps what is deleted for ${least} ${least === 1 ? 'day' : 'days'}`;
}
