import { setTimeout } from 'node:timers/promises';
import type { AskedRounds } from './asked-rounds.ts';
import { applyReport } from './control/apply-report.ts';
import { lookAtVolumes } from './control/look-at-volumes.ts';
import { adoptDeclared } from './control/adopt-declared.ts';
import { acceptPolicy } from './control/accept-policy.ts';
import { cancelPolicy } from './control/cancel-policy.ts';
import { initPolicy } from './control/init-policy.ts';
import { planPolicy } from './control/plan-policy.ts';
import { policySnapshots } from './control/policy-snapshots.ts';
import { restorePolicy } from './control/restore-policy.ts';
import { policyRuns } from './control/policy-runs.ts';
import { runPolicy } from './control/run-policy.ts';
import { verifyAudit } from './control/verify-audit.ts';
import { checkRevision } from './control/check-revision.ts';
import type { Control, PlanCandidate } from './control/control.ts';
import { nothingInForce, refuse, refusing } from './control/refuse.ts';
import { suspendHost } from './control/suspend-host.ts';
import { setsOwnersOn, type Host } from './host.ts';
import type { Notifier } from './notify/notifier.ts';
import { planState } from './reconcile/plan-state.ts';
import type { Reconciler } from './reconcile/reconciler.ts';
import type { Composer } from './composer.ts';
import { shellWord } from './shell-word.ts';
import type { Conditions } from './status/conditions.ts';
import { suspendedWord } from './status/suspended-word.ts';
import type { Suspended } from './suspension.ts';

/** What answering a person needs. */
export interface HostControlParts {
  readonly host: Host;
  readonly reconciler: Reconciler;
  readonly composer: Composer;
  readonly conditions: Conditions;
  readonly rounds: AskedRounds;
  readonly notifier: Notifier;
  /** Makes the daemon look at the remote now. */
  readonly look: () => void;
}

/** A pass takes seconds, fetching from a remote that hangs minutes: nobody waits that long to be told. Milliseconds. */
const PATIENCE_MS = 10_000;

/** `Control` over an open host: what the daemon serves on its socket. */
export function hostControl(parts: HostControlParts): Control {
  const { host, reconciler, composer } = parts;
  return {
    status: () => composer.compose(),
    plan: (candidate) => refusing(() => planFor(candidate, parts)),
    apply: (candidate) => refusing(() => applyNow(candidate, parts)),
    suspend: (request) => refusing(() => suspend(request, parts)),
    resume: () =>
      refusing(async () => {
        const was = await host.suspension.end();
        await parts.conditions.say(suspendedWord(undefined));
        parts.look();
        void host.engine.wake();
        return { kind: 'resumed', ...(was === undefined ? {} : { was }) };
      }),
    runs: (name, limit) =>
      policyRuns({ name, limit }, { store: host.store, policies: reconciler.inForce?.state.policies }),
    policies: () => host.engine.statuses(host.clock.now()),
    runPolicy: (name) => refusing(() => runPolicy(name, host.engine)),
    cancelPolicy: (name) => refusing(() => cancelPolicy(name, host.engine)),
    initPolicy: (name) => refusing(() => initPolicy(name, host.engine)),
    planPolicy: (name) => refusing(() => planPolicy(name, host.engine)),
    acceptPolicy: (name, id) => refusing(() => acceptPolicy(name, id, host.engine)),
    snapshots: (name, all) => refusing(() => policySnapshots({ name, all }, host.engine)),
    restore: (request, signal) => refusing(() => restorePolicy(request, signal, host.engine)),
    volumes: () => lookAtVolumes(reconciler.inForce?.state.volumes ?? {}, host),
    adoptVolume: (name) =>
      refusing(async () => {
        const answer = await adoptDeclared(name, reconciler.inForce?.state.volumes ?? {}, host);
        if (answer.kind === 'adopted') parts.look();
        return answer;
      }),
    testNotifications: () => refusing(async () => ({ kind: 'tested', tests: await parts.notifier.test() })),
    verifyAudit: (options) => refusing(() => verifyAudit(host, options)),
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

async function applyNow(
  candidate: PlanCandidate | undefined,
  { host, reconciler, conditions, rounds, look }: HostControlParts,
): ReturnType<Control['apply']> {
  const suspended = host.suspension.fault;
  if (suspended !== undefined) return refuse(suspended);
  if (candidate !== undefined) {
    return refuse({
      reason: 'NotPermitted',
      message: `a daemon runs on this host: its next pass would undo what ${candidate.of} says and the branch does not`,
      next: `see what would change: anchord plan ${shellWord(candidate.of)}; then push it`,
    });
  }
  await host.flaps.forget();
  await reconciler.release();
  const ended = rounds.ask();
  look();
  await ended;
  const { lastPass, inForce } = reconciler;
  return applyReport({ of: inForce?.revision, outcome: lastPass, condition: (type) => conditions.get(type) });
}

async function suspend(
  request: Omit<Suspended, 'since'>,
  { host, conditions, rounds, look }: HostControlParts,
): ReturnType<Control['suspend']> {
  const suspended = await suspendHost(request, host);
  if ('kind' in suspended) return suspended;
  await conditions.say(suspendedWord(suspended));
  const isIdle = await Promise.race([
    rounds.idle().then(() => true),
    setTimeout(PATIENCE_MS, false, { ref: false }),
  ]);
  look();
  return { kind: 'suspended', suspended, isIdle };
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
    shares: host.shares,
    inventory: reconciler.inventory,
    setsOwners,
    flaps: host.flaps,
  });
}
