import type { Cleanups } from './cleanups.ts';
import { FileService } from './files/file-service.ts';
import type { StateRepo } from './git/state-repo.ts';
import { SourceVerifier } from './git/verify-source.ts';
import { setsOwnersOn, type Host } from './host.ts';
import { HostParser } from './parse/parse-host.ts';
import { Inventory } from './reconcile/inventory.ts';
import { Reconciler } from './reconcile/reconciler.ts';
import { Conditions, type ConditionWord } from './status/conditions.ts';
import { startingWords } from './status/standing-words.ts';
import { suspendedWord } from './status/suspended-word.ts';
import { version } from './version.ts';

const STARTING: ConditionWord = {
  type: 'Ready',
  status: 'Unknown',
  reason: 'Starting',
  message: 'The daemon has not finished its first round yet.',
};

/** Makes the reconciler of an open host, for the daemon and for `anchord apply` without one. Changes nothing yet. */
export async function openReconciler(
  host: Host,
  repo: StateRepo,
  cleanups: Cleanups,
): Promise<{ readonly reconciler: Reconciler; readonly conditions: Conditions }> {
  const { settings, paths, store, clock, hub, guards, suspension, flaps } = host;
  const files = cleanups.use(new FileService(settings.root, { onSilence: () => guards.memory.doubt() }));
  const parser = cleanups.use(new HostParser());
  parser.warm();
  const conditions = new Conditions(await store.conditions(), { store, clock, emit: hub.emit });
  // What was so when the last daemon ended proves nothing now.
  await conditions.say(STARTING, suspendedWord(suspension.current), ...startingWords());
  const reconciler = new Reconciler({
    ...(await verification(host)),
    host: settings.host,
    allow: settings.allow,
    repo,
    parser,
    store,
    conditions,
    emit: hub.emit,
    clock,
    files,
    guards: { ...guards, mayWrite: true },
    shares: host.shares,
    version,
    inventory: await Inventory.load(store),
    root: settings.root,
    setsOwners: setsOwnersOn(settings.root),
    trustedStateFile: paths.trustedState,
    goodStateFile: paths.goodState,
    suspension,
    flaps,
    declare: (state) => host.declare(state),
  });
  return { reconciler, conditions };
}

/** Nothing is accepted without good signatures when the host settings ask for them; files that are no use stop the start. */
async function verification(host: Host): Promise<{ readonly verifier?: SourceVerifier }> {
  const { settings, environment, paths, clock, hub } = host;
  const files = settings.repository.signers;
  if (files === undefined) return {};
  const options = { files, dir: paths.signers, path: environment.path, clock, emit: hub.emit };
  return { verifier: await SourceVerifier.open(options) };
}
