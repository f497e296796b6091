import type { Finding } from '../parse/finding.ts';
import { checkAllowed } from './allowed.ts';
import { checkCatcherTiers } from './catcher-tiers.ts';
import type { Check, CheckContext } from './check-context.ts';
import { checkCleanPaths } from './clean-paths.ts';
import { checkClientMounts } from './client-mounts.ts';
import { checkHostName } from './host-name.ts';
import { checkHowMany } from './how-many.ts';
import { checkLinks } from './links.ts';
import { checkLocalTargets } from './local-targets.ts';
import { checkNotify } from './notify.ts';
import { checkPathsOnVolumes } from './paths-on-volumes.ts';
import { checkPolicyValues } from './policy-values.ts';
import { checkReferences } from './references.ts';
import { checkRemotePlaces } from './remote-places.ts';
import { checkBackends } from './backends.ts';
import { checkRepositories } from './repositories.ts';
import { checkReservedNames } from './reserved-names.ts';
import { checkSchedules } from './schedules.ts';
import { checkSecretValues } from './secret-values.ts';
import { checkShares } from './shares.ts';
import { checkVolumeMounts } from './volume-mounts.ts';

/** Every check that needs more than one value; each stands in the file of its name. */
const CHECKS: readonly Check[] = [
  checkHostName,
  checkReservedNames,
  checkCleanPaths,
  checkVolumeMounts,
  checkPathsOnVolumes,
  checkLinks,
  checkShares,
  checkReferences,
  checkAllowed,
  checkSchedules,
  checkPolicyValues,
  checkLocalTargets,
  checkRepositories,
  checkBackends,
  checkRemotePlaces,
  checkCatcherTiers,
  checkClientMounts,
  checkNotify,
  checkSecretValues,
];

/** Checks a host as a whole. What has a fault by itself is not in the state, so it is not told twice. */
export function checkHost(context: CheckContext): readonly Finding[] {
  // First and alone: the others are not made for more.
  const tooMany = checkHowMany(context);
  return tooMany.length > 0 ? tooMany : CHECKS.flatMap((check) => check(context));
}
