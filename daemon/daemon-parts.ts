import { redactKey as keptKey } from './audit/redact-key.ts';
import type { Cleanups } from './cleanups.ts';
import { isoSeconds } from './clock.ts';
import { Composer } from './composer.ts';
import { openRemotes } from './git/open-remotes.ts';
import type { Host } from './host.ts';
import { hostNotifier } from './host-notifier.ts';
import type { Notifier } from './notify/notifier.ts';
import { pageFiles } from './page/page-files.ts';
import { openReconciler } from './open-reconciler.ts';
import type { Reconciler } from './reconcile/reconciler.ts';
import type { Conditions } from './status/conditions.ts';
import { StatusPublisher } from './status/publisher.ts';
import { version } from './version.ts';

/**
 * Puts the parts of a daemon together. Nothing runs yet but the threads that wait for work. `stuck`: what the loop is
 * stuck in; undefined while it makes progress.
 */
export async function daemonParts(
  host: Host,
  cleanups: Cleanups,
  stuck: () => string | undefined,
): Promise<DaemonParts> {
  const { settings, environment, paths, store, clock, hub } = host;
  const { repo, branch } = await openRemotes({
    settings,
    paths,
    path: environment.path,
    emit: hub.emit,
    onStatusTip: (tip) => publisher.seen(tip),
  });
  const { reconciler, conditions } = await openReconciler(host, repo, cleanups);
  const notifier: Notifier = hostNotifier(host, {
    status: async () => (await composer.compose()).status,
    state: () => reconciler.inForce?.state,
    stuck,
  });
  const composer = new Composer({
    host,
    reconciler,
    conditions,
    repo,
    startedAt: isoSeconds(clock.now()),
    version,
    notifications: () => notifier.statuses(),
  });
  const redactKey = settings.status.redact ? await keptKey(store) : undefined;
  const publisher = new StatusPublisher({
    branch,
    store,
    clock,
    emit: hub.emit,
    conditions,
    compose: () => composer.compose(),
    page: await pageFiles(),
    audit: host.audit,
    ...(redactKey === undefined ? {} : { redactKey }),
  });
  return { host, reconciler, publisher, composer, conditions, notifier };
}

/** What a daemon on an open host is made of. */
export interface DaemonParts {
  readonly host: Host;
  readonly reconciler: Reconciler;
  readonly publisher: StatusPublisher;
  readonly composer: Composer;
  readonly conditions: Conditions;
  readonly notifier: Notifier;
}
