import type { HostState } from '../state-schema/host-state.ts';
import { applyAlone } from './apply-alone.ts';
import { isoSeconds } from './clock.ts';
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
import type { Control } from './control/control.ts';
import { nothingInForce, refuse, refusing } from './control/refuse.ts';
import { suspendHost } from './control/suspend-host.ts';
import type { Fault } from './errors.ts';
import { guardVolumes } from './guards/volume-guard.ts';
import { setsOwnersOn, type Host } from './host.ts';
import { planState } from './reconcile/plan-state.ts';
import { enforcedRevision } from './reconcile/rollback.ts';
import { loadTrustedState } from './reconcile/trusted-state.ts';
import { Conditions } from './status/conditions.ts';
import { composeHistory } from './status/compose-history.ts';
import { notCarriedOut } from './status/not-carried-out.ts';
import { suspendedWord } from './status/suspended-word.ts';
import { summarize } from './status/summarize.ts';
import type { Revisions } from './store/store.ts';
import { version } from './version.ts';

/** `Control` over a host that no daemon runs on: what was in force last, under the same locks. */
export async function standaloneControl(host: Host): Promise<Control> {
  const { store, engine, clock, settings } = host;
  const revisions = await store.revisions();
  // What is in quarantine is not in force: its policies must not run here either.
  const enforced = enforcedRevision(revisions);
  const state = await stateInForce(host, enforced);
  if (state !== undefined) host.declare(state);
  return {
    status: () => statusAlone(host, { revisions, state }),
    plan: (candidate) =>
      refusing(async () => {
        const inForce = state === undefined ? undefined : { of: enforced ?? '', state };
        const asked = candidate ?? inForce;
        if (asked === undefined) return refuse(nothingInForce);
        const inventory = new Map((await store.inventory()).map((item) => [item.id, item]));
        const setsOwners = setsOwnersOn(settings.root);
        return planState(asked, {
          store,
          guards: host.guards,
          shares: host.shares,
          flaps: host.flaps,
          inventory,
          setsOwners,
        });
      }),
    apply: (candidate) => refusing(() => applyAlone(candidate, host)),
    suspend: (request) =>
      refusing(async () => {
        const suspended = await suspendHost(request, host);
        return 'kind' in suspended ? suspended : { kind: 'suspended', suspended, isIdle: true };
      }),
    resume: () =>
      refusing(async () => {
        const was = await host.suspension.end();
        return { kind: 'resumed', ...(was === undefined ? {} : { was }) };
      }),
    runs: (name, limit) => policyRuns({ name, limit }, { store, policies: state?.policies }),
    policies: () => engine.statuses(clock.now()),
    runPolicy: (name) => refusing(() => runPolicy(name, engine)),
    cancelPolicy: (name) => refusing(() => cancelPolicy(name, engine)),
    initPolicy: (name) => refusing(() => initPolicy(name, engine)),
    planPolicy: (name) => refusing(() => planPolicy(name, engine)),
    acceptPolicy: (name, id) => refusing(() => acceptPolicy(name, id, engine)),
    snapshots: (name, all) => refusing(() => policySnapshots({ name, all }, engine)),
    restore: (request, signal) => refusing(() => restorePolicy(request, signal, engine)),
    volumes: () => lookAtVolumes(state?.volumes ?? {}, host),
    adoptVolume: (name) => refusing(() => adoptDeclared(name, state?.volumes ?? {}, host)),
    testNotifications: () => Promise.resolve(refuse(noDaemon)),
    verifyAudit: (options) => refusing(() => verifyAudit(host, options)),
    async acceptRewrite(revision) {
      const refusal = checkRevision(revision);
      if (refusal !== undefined) return refusal;
      await store.saveRevisions({ acceptedRewrite: revision });
      return { kind: 'accepted', isWaiting: revisions.rejected?.revision === revision };
    },
  };
}

const noDaemon: Fault = {
  reason: 'NotRunning',
  message: 'the daemon sends notifications, and none is running',
  next: 'anchord run',
};

async function statusAlone(
  host: Host,
  known: { readonly revisions: Revisions; readonly state: HostState | undefined },
): ReturnType<Control['status']> {
  const { store, engine, clock, settings } = host;
  const { revisions, state } = known;
  const now = clock.now();
  const status = summarize({
    host: settings.host,
    version,
    startedAt: (await store.fact('daemon.stoppedAt')) ?? isoSeconds(now),
    now: isoSeconds(now),
    expectedEverySeconds: 24 * 60 * 60,
    url: settings.repository.url,
    branch: settings.repository.branch,
    revisions,
    log: [],
    conditions: (await keptConditions(host)).list(),
    resources: await store.inventory(),
    volumes: state === undefined ? [] : await guardVolumes(state.volumes, host.guards),
    policies: await engine.statuses(now),
    notCarriedOut: state === undefined ? [] : notCarriedOut(state),
    audit: host.audit.head,
  });
  return {
    status: host.secrets.redaction.deep(status),
    history: await composeHistory(settings.host, store, now),
  };
}

/** As they were last said, but for what a person may have said since. */
async function keptConditions({ store, clock, hub, suspension }: Host): Promise<Conditions> {
  const conditions = new Conditions(await store.conditions(), { store, clock, emit: hub.emit });
  await conditions.say(suspendedWord(suspension.current));
  return conditions;
}

async function stateInForce(host: Host, revision: string | undefined): Promise<HostState | undefined> {
  if (revision === undefined) return undefined;
  const wanted = { version, revision };
  const { trustedState, goodState } = host.paths;
  return (await loadTrustedState(trustedState, wanted)) ?? loadTrustedState(goodState, wanted);
}
