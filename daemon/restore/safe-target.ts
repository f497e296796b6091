import type { HostState } from '../../state-schema/host-state.ts';
import type { Fault } from '../errors.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';
import { hostPathOf } from './host-path.ts';
import { liveTrees, privateTrees } from './live-trees.ts';
import type { RestoreRequest } from './restore-request.ts';
import { isWithin, targetFault } from './target.ts';

/** Why a folder must not be restored to now: it could harm what is there, or its disk is not safe to write to. */
export async function safeTarget(
  request: RestoreRequest,
  { state, parts }: { readonly state: HostState; readonly parts: PolicyParts },
): Promise<Fault | undefined> {
  const { root, stateDir } = parts;
  const remembered = [...(await parts.store.repositoryIds()).keys()];
  const fault = targetFault(request, {
    live: liveTrees(state, root),
    never: privateTrees({ state, remembered, root, stateDir }),
  });
  if (fault !== undefined) return fault;
  // What lies on no declared volume is no matter of guards.
  const path = hostPathOf(request.to, root);
  const mounts = Object.values(state.volumes).map(({ mount }) => mount);
  const isOnVolume = path !== undefined && mounts.some((mount) => isWithin(path, mount));
  return isOnVolume ? await parts.guard(path, 'write') : undefined;
}
