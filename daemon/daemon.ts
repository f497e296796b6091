import { randomBytes } from 'node:crypto';
import type { HostState } from '../state-schema/host-state.ts';
import { Cleanups } from './cleanups.ts';
import { isoSeconds } from './clock.ts';
import { serveControl } from './control/control-server.ts';
import { checkPrograms } from './programs/check-programs.ts';
import { faultOf, Stalled } from './errors.ts';
import type { AnchordEvent } from './events.ts';
import { FileService } from './files/file-service.ts';
import { openRemotes } from './git/open-remotes.ts';
import { watchRef } from './git/watch-ref.ts';
import { setsOwnersOn, type Host } from './host.ts';
import { hostControl } from './host-control.ts';
import { isLoopback } from './http/allowed-host.ts';
import { pageServer } from './http/page-server.ts';
import { shareAnswer } from './http/share-answer.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { HostParser } from './parse/parse-host.ts';
import { pageFiles } from './page/page-files.ts';
import { Inventory } from './reconcile/inventory.ts';
import { lookUntilStopped, type LookCause } from './look-loop.ts';
import { Reconciler } from './reconcile/reconciler.ts';
import type { Round } from './reconcile/round.ts';
import { socketPath } from './settings/state-paths.ts';
import { backupsWord, startingWords } from './status/standing-words.ts';
import { Conditions } from './status/conditions.ts';
import { Composer } from './composer.ts';
import { StatusPublisher } from './status/publisher.ts';
import { version } from './version.ts';
import { WakeUp } from './wake-up.ts';

/** What a daemon may be given besides its host. */
export interface DaemonOptions {
  /** Ends the daemon, cleanly. */
  readonly signal: AbortSignal;
  /** Called after each round with what is in force, one call at a time: how the demo sets up what a push brings. */
  readonly afterRound?: (inForce: HostState, look: () => void) => Promise<void>;
}

/** Runs the daemon on an open host until the signal aborts: look, make right, publish, serve. */
export async function runDaemon(host: Host, options: DaemonOptions): Promise<void> {
  const { settings, store, hub } = host;
  refuseOpenPage(settings.listen.host);
  await using cleanups = new Cleanups();
  hub.emit({ kind: 'daemon.started', version, host: settings.host, pid: process.pid });
  await tellMissingPrograms(host);
  const parts = await assemble(host, cleanups);
  const { reconciler, publisher, composer } = parts;
  const looks = new WakeUp<LookCause>();
  let isReady = false;

  await reconciler.resume(options.signal);
  const page = await pageFiles();
  const server = pageServer({
    ...settings,
    page,
    compose: shareAnswer(() => composer.compose(), { hub, monotonic: () => host.clock.monotonic() }),
    hub,
    isReady: () => isReady,
  });
  cleanups.add(() => server.close());
  hub.emit({ kind: 'daemon.listening', url: await listen(server, settings.listen) });
  const control = hostControl({ host, reconciler, composer, look: () => looks.call('person') });
  const socket = await serveControl(socketPath(settings.stateDir, host.environment.runtimeDir), control, hub);
  cleanups.add(() => socket.close());
  cleanups.add(hub.listen(publishEndedRuns(parts)));
  const watch = await watchRef({ ...settings.repository, onChange: () => looks.call('watch') });
  if (watch !== undefined) cleanups.use(watch);

  const after = new OneAtATime();
  cleanups.add(() => after.idle());
  const first = await round('start', parts, options.signal);
  await host.engine.start();
  isReady = true;
  // What the first round brings is set up before the first status commit tells of it.
  void after
    .ask(() => afterRound(parts, looks, options))
    .then(() => options.signal.aborted || startPublishing(publisher, cleanups));
  await lookUntilStopped({
    looks,
    first,
    clock: host.clock,
    intervalMs: settings.repository.intervalMs,
    signal: options.signal,
    async round(cause) {
      const ended = await round(cause, parts, options.signal);
      void after.ask(() => afterRound(parts, looks, options));
      return ended;
    },
  });
  hub.emit({ kind: 'daemon.stopping', cause: String(options.signal.reason) });
  // First, so that how the runs ended is still published.
  await host.engine[Symbol.asyncDispose]();
  await store
    .saveFact('daemon.stoppedAt', isoSeconds(host.clock.now()))
    .catch((error: unknown) => hub.emit({ kind: 'store.failed', fault: faultOf(error) }));
}

async function tellMissingPrograms({ environment, hub }: Host): Promise<void> {
  for (const { level, message, remedy } of await checkPrograms(environment.path)) {
    const isMissed = level === 'note' || level === 'bad';
    if (isMissed && remedy !== undefined) hub.emit({ kind: 'program.missing', message, remedy });
  }
}

/** Not before the first round: what the daemon knows until then is from before its start. */
function startPublishing(publisher: StatusPublisher, cleanups: Cleanups): void {
  const stop = new AbortController();
  const publishing = publisher.run(stop.signal);
  cleanups.add(async () => {
    stop.abort();
    await publishing;
  });
}

interface DaemonParts {
  readonly host: Host;
  readonly reconciler: Reconciler;
  readonly publisher: StatusPublisher;
  readonly composer: Composer;
  readonly conditions: Conditions;
}

async function assemble(host: Host, cleanups: Cleanups): Promise<DaemonParts> {
  const { settings, environment, paths, store, clock, hub, guards } = host;
  const files = cleanups.use(new FileService(settings.root));
  const parser = cleanups.use(new HostParser());
  parser.warm();
  const conditions = new Conditions(await store.conditions(), { store, clock, emit: hub.emit });
  await conditions.say(...startingWords());
  const { repo, branch } = await openRemotes({ settings, paths, path: environment.path, emit: hub.emit });
  const reconciler = new Reconciler({
    host: settings.host,
    allow: settings.allow,
    repo,
    parser,
    store,
    conditions,
    emit: hub.emit,
    clock,
    files,
    guards,
    version,
    inventory: await Inventory.load(store),
    root: settings.root,
    setsOwners: setsOwnersOn(settings.root),
    trustedStateFile: paths.trustedState,
    declare: (state) => host.declare(state),
  });
  const composer = new Composer({
    host,
    reconciler,
    conditions,
    repo,
    startedAt: isoSeconds(clock.now()),
    version,
  });
  const redactKey = settings.status.redact ? await keptKey(host) : undefined;
  const publisher = new StatusPublisher({
    branch,
    store,
    clock,
    emit: hub.emit,
    conditions,
    compose: () => composer.compose(),
    page: await pageFiles(),
    ...(redactKey === undefined ? {} : { redactKey }),
  });
  return { host, reconciler, publisher, composer, conditions };
}

/** What the demo does after a round. A failure is told, and tried again after the next one. */
async function afterRound(
  parts: DaemonParts,
  looks: WakeUp<LookCause>,
  options: DaemonOptions,
): Promise<void> {
  const state = parts.reconciler.inForce?.state;
  if (state === undefined || options.afterRound === undefined || options.signal.aborted) return;
  try {
    await options.afterRound(state, () => looks.call('person'));
    await sayBackups(parts);
  } catch (error) {
    parts.host.hub.emit({ kind: 'look.failed', fault: faultOf(error) });
  }
}

/** One round, with a look when there is a cause for one. */
async function round(cause: LookCause | undefined, parts: DaemonParts, signal: AbortSignal): Promise<Round> {
  const { host, reconciler, publisher } = parts;
  if (cause !== undefined) host.hub.emit({ kind: 'look.started', cause });
  const ended = await reconciler.round(signal, { looks: cause !== undefined });
  await sayBackups(parts);
  // Only now is everything said that this round has to say: one commit, not one for each half.
  publisher.note(ended.isNews ? 'urgent' : 'soon');
  return ended;
}

/** Never rejects: a store that cannot be read for now must not end the loop. */
async function sayBackups({ host, conditions }: DaemonParts): Promise<void> {
  try {
    await conditions.say(backupsWord(await host.engine.statuses(host.clock.now())));
  } catch (error) {
    host.hub.emit({ kind: 'policies.failed', fault: faultOf(error) });
  }
}

/** Runs end beside the loop, and their end is news for the status. */
function publishEndedRuns(parts: DaemonParts): (event: AnchordEvent) => void {
  const { publisher } = parts;
  async function note(urgency: 'soon' | 'urgent'): Promise<void> {
    await sayBackups(parts);
    publisher.note(urgency);
  }
  return (event) => {
    if (event.kind === 'run.ended') void note(event.run.outcome === 'ok' ? 'soon' : 'urgent');
  };
}

async function listen(
  server: ReturnType<typeof pageServer>,
  at: { readonly host: string; readonly port: number },
): Promise<string> {
  try {
    return `${(await server.listen(at)).replace(/\/$/, '')}/`;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const why = code === 'EADDRINUSE' ? 'something else listens there' : code;
    throw new Stalled(
      {
        reason: 'InternalError',
        message: `cannot listen on ${at.host}:${at.port}: ${why}`,
        next: 'name another address: listen in the host settings, or --listen ADDR:PORT',
      },
      { cause: error },
    );
  }
}

/** Without tokens and TLS the page is for this machine alone. */
function refuseOpenPage(address: string): void {
  if (isLoopback(address)) return;
  throw new Stalled({
    reason: 'NotPermitted',
    message: `listen: ${address} is not loopback, and this version has no sign-in and no TLS for others to come in safely`,
    next: 'listen on 127.0.0.1 and put a proxy with sign-in before it (its name goes into "hosts"), or read the page from the status branch',
  });
}

async function keptKey(host: Host): Promise<string> {
  const known = await host.store.fact('status.redactKey');
  if (known !== undefined) return known;
  const key = randomBytes(32).toString('hex');
  await host.store.saveFact('status.redactKey', key);
  return key;
}
