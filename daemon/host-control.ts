import { adoptDeclared } from './control/adopt-declared.ts';
import { cancelPolicy } from './control/cancel-policy.ts';
import { initPolicy } from './control/init-policy.ts';
import { runPolicy } from './control/run-policy.ts';
import { checkRevision } from './control/check-revision.ts';
import type { Control, PlanCandidate } from './control/control.ts';
import { nothingInForce, refuse, refusing } from './control/refuse.ts';
import { setsOwnersOn, type Host } from './host.ts';
import { planState } from './reconcile/plan-state.ts';
import type { Reconciler } from './reconcile/reconciler.ts';
import type { Composer } from './composer.ts';

/** What answering a person needs. */
export interface HostControlParts {
  readonly host: Host;
  readonly reconciler: Reconciler;
  readonly composer: Composer;
  /** Makes the daemon look at the remote now. */
  readonly look: () => void;
}

/** `Control` over an open host: what the daemon serves on its socket. */
export function hostControl(parts: HostControlParts): Control {
  const { host, reconciler, composer } = parts;
  return {
    status: () => composer.compose(),
    plan: (candidate) => refusing(() => planFor(candidate, parts)),
    policies: () => host.engine.statuses(host.clock.now()),
    runPolicy: (name) => refusing(() => runPolicy(name, host.engine)),
    cancelPolicy: (name) => refusing(() => cancelPolicy(name, host.engine)),
    initPolicy: (name) => refusing(() => initPolicy(name, host.engine)),
    adoptVolume: (name) =>
      refusing(async () => {
        const answer = await adoptDeclared(name, reconciler.inForce?.state.volumes ?? {}, host);
        if (answer.kind === 'adopted') parts.look();
        return answer;
      }),
    async acceptRewrite(revision) {
      const refusal = checkRevision(revision);
      if (refusal !== undefined) return refusal;
      const isWaiting = reconciler.revisions.rejected?.revision === revision;
      await reconciler.acceptRewrite(revision);
      parts.look();
      return { kind: 'accepted', isWaiting };
    },
  };
}

async function planFor(
  candidate: PlanCandidate | undefined,
  parts: HostControlParts,
): ReturnType<Control['plan']> {
  const { host, reconciler } = parts;
  const { inForce } = reconciler;
  const asked =
    candidate ?? (inForce === undefined ? undefined : { of: inForce.revision, state: inForce.state });
  if (asked === undefined) return refuse(nothingInForce);
  const setsOwners = setsOwnersOn(host.settings.root);
  return planState(asked, {
    store: host.store,
    guards: host.guards,
    inventory: reconciler.inventory,
    setsOwners,
  });
}
