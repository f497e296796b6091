import { Cleanups } from './cleanups.ts';
import { isoSeconds } from './clock.ts';
import { applyReport, outcomeReport, type ApplyReport } from './control/apply-report.ts';
import type { PlanCandidate, Refusal } from './control/control.ts';
import { refuse } from './control/refuse.ts';
import { setsOwnersOn, type Host } from './host.ts';
import { openRemotes } from './git/open-remotes.ts';
import { openReconciler } from './open-reconciler.ts';
import { applyState } from './reconcile/apply-state.ts';
import { Inventory } from './reconcile/inventory.ts';

/**
 * Makes a host match because a person asked, where no daemon runs: what a daemon's first round would do, once; or a
 * folder, which is neither trusted nor remembered as the revision in force.
 */
export async function applyAlone(
  candidate: PlanCandidate | undefined,
  host: Host,
): Promise<ApplyReport | Refusal> {
  const suspended = host.suspension.fault;
  if (suspended !== undefined) return refuse(suspended);
  await host.flaps.forget();
  return candidate === undefined ? applyBranch(host) : applyFolder(candidate, host);
}

async function applyBranch(host: Host): Promise<ApplyReport> {
  await using cleanups = new Cleanups();
  const { settings, environment, paths, hub } = host;
  const { repo } = await openRemotes({ settings, paths, path: environment.path, emit: hub.emit });
  const { reconciler, conditions } = await openReconciler(host, repo, cleanups);
  const stop = new AbortController();
  cleanups.add(() => stop.abort());
  await reconciler.resume(stop.signal);
  await reconciler.release();
  hub.emit({ kind: 'look.started', cause: 'person' });
  await reconciler.round(stop.signal, { looks: true });
  const { inForce, lastPass } = reconciler;
  return applyReport({
    of: inForce?.revision,
    outcome: lastPass,
    condition: (type) => conditions.get(type),
  });
}

async function applyFolder({ of, state }: PlanCandidate, host: Host): Promise<ApplyReport> {
  const { store, guards, settings, clock, hub, flaps } = host;
  const startedAt = isoSeconds(clock.now());
  const outcome = await applyState(state, {
    store,
    guards,
    shares: host.shares,
    clock,
    flaps,
    inventory: await Inventory.load(store),
    setsOwners: setsOwnersOn(settings.root),
    emit: hub.emit,
    of,
    startedAt,
  });
  const report = outcomeReport(of, outcome);
  const { failed, waiting } = report;
  if (failed + waiting === 0) return report;
  const reason = failed > 0 ? 'ResourcesFailed' : 'ResourcesWaiting';
  return {
    ...report,
    hindrance: { at: 'resources', reason, message: `${failed} failed and ${waiting} wait; the others match` },
  };
}
