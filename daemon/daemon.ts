import type { HostState } from '../state-schema/host-state.ts';
import { Cleanups } from './cleanups.ts';
import { isoSeconds } from './clock.ts';
import { daemonParts, type DaemonParts } from './daemon-parts.ts';
import { faultOf } from './errors.ts';
import type { AnchordEvent } from './events.ts';
import type { Host } from './host.ts';
import { hookSecret } from './http/hook-secret.ts';
import { refuseOpenPage } from './http/listen-on.ts';
import { lookUntilStopped, type LookCause } from './look-loop.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { checkPrograms } from './programs/check-programs.ts';
import type { Round } from './reconcile/round.ts';
import { serve } from './serve.ts';
import type { StatusPublisher } from './status/publisher.ts';
import { backupsWord } from './status/standing-words.ts';
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
  const { webhookSecret } = settings.repository;
  const secret = webhookSecret === undefined ? undefined : await hookSecret(webhookSecret);
  await using cleanups = new Cleanups();
  hub.emit({ kind: 'daemon.started', version, host: settings.host, pid: process.pid });
  await tellMissingPrograms(host);
  const parts = await daemonParts(host, cleanups);
  const { reconciler, publisher } = parts;
  const looks = new WakeUp<LookCause>();
  let isReady = false;

  await reconciler.resume(options.signal);
  await serve({ ...parts, looks, isReady: () => isReady, hookSecret: secret }, cleanups);
  cleanups.add(hub.listen(publishEndedRuns(parts)));

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
