import type { HostState } from '../state-schema/host-state.ts';
import { AskedRounds } from './asked-rounds.ts';
import { tellStart } from './audit/tell-start.ts';
import { Cleanups } from './cleanups.ts';
import { isoSeconds } from './clock.ts';
import { daemonParts, type DaemonParts } from './daemon-parts.ts';
import { faultOf } from './errors.ts';
import type { AnchordEvent } from './events.ts';
import type { GuardedVolume } from './guards/volume-guard.ts';
import type { Host } from './host.ts';
import { hookSecret } from './http/hook-secret.ts';
import { refuseOpenPage } from './http/listen-on.ts';
import { lookUntilStopped, type LookCause } from './look-loop.ts';
import { Tally } from './metrics/tally.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { checkPrograms } from './programs/check-programs.ts';
import { programNeeds } from './programs/program-needs.ts';
import { hasRecovered } from './reconcile/has-recovered.ts';
import type { Round } from './reconcile/round.ts';
import { RecentEvents } from './recent-events.ts';
import { RoundWatch } from './round-watch.ts';
import { serve } from './serve.ts';
import type { StatusPublisher } from './status/publisher.ts';
import { auditedWord } from './status/audited-word.ts';
import { clockWord } from './status/clock-word.ts';
import { provedWord } from './status/proved-word.ts';
import { backupsWord } from './status/standing-words.ts';
import { ServiceManager } from './systemd/service-manager.ts';
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
  const { settings, hub } = host;
  refuseOpenPage(settings.listen.host);
  const { webhookSecret } = settings.repository;
  const secret = webhookSecret === undefined ? undefined : await hookSecret(webhookSecret);
  await using cleanups = new Cleanups();
  using recent = new RecentEvents(hub, host.clock);
  hub.emit({ kind: 'daemon.started', version, host: settings.host, pid: process.pid });
  await tellStart(host.audit, host.store, { version, settings, uid: process.getuid?.() ?? 0 });
  await tellMissingPrograms(host);
  const observing = observers(host, cleanups);
  const running = { ...(await daemonParts(host, cleanups, () => observing.watch.stuck())), ...observing };
  const { reconciler, publisher, watch, manager } = running;
  const looks = new WakeUp<LookCause>();

  await reconciler.resume(options.signal);
  const rounds = new AskedRounds();
  cleanups.add(() => rounds.end());
  await serve({ ...running, looks, rounds, recent, hookSecret: secret }, cleanups);
  cleanups.add(hub.listen(publishEndedRuns(running)));

  const after = new OneAtATime();
  cleanups.add(() => after.idle());
  const first = await rounds.serve(() => round('start', running, options.signal));
  await host.engine.start();
  watch.ready();
  cleanups.use(running.notifier);
  await running.notifier.start();
  await manager.ready();
  // What the first round brings is set up before the first status commit tells of it.
  void after
    .ask(() => afterRound(running, looks, options))
    .then(() => options.signal.aborted || startPublishing(publisher, cleanups));
  await lookUntilStopped({
    looks,
    first,
    clock: host.clock,
    intervalMs: settings.repository.intervalMs,
    signal: options.signal,
    async round(cause) {
      const ended = await rounds.serve(() => round(cause, running, options.signal));
      void after.ask(() => afterRound(running, looks, options));
      return ended;
    },
  });
  hub.emit({ kind: 'daemon.stopping', cause: String(options.signal.reason) });
  await manager.stopping();
  await endRuns(host);
}

async function endRuns({ hub, engine, store, clock }: Host): Promise<void> {
  // First, so that how the runs ended is still published.
  await engine[Symbol.asyncDispose]();
  await store
    .saveFact('daemon.stoppedAt', isoSeconds(clock.now()))
    .catch((error: unknown) => hub.emit({ kind: 'store.failed', fault: faultOf(error) }));
}

/** Those who only watch what the daemon does. */
interface Observers {
  readonly watch: RoundWatch;
  readonly tally: Tally;
  readonly manager: ServiceManager;
}

type Running = DaemonParts & Observers;

function observers({ settings, environment, clock, hub }: Host, cleanups: Cleanups): Observers {
  const watch = new RoundWatch(clock, settings.repository.intervalMs);
  const tally = new Tally(clock);
  cleanups.add(hub.listen((event) => tally.take(event)));
  const { path, service } = environment;
  const manager = new ServiceManager({ service, path, stuck: () => watch.stuck(), emit: hub.emit });
  return { watch, tally, manager: cleanups.use(manager) };
}

async function tellMissingPrograms({ settings, environment, hub }: Host): Promise<void> {
  const needs = await programNeeds(settings);
  for (const { level, message, remedy } of await checkPrograms(environment.path, needs)) {
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
async function round(cause: LookCause | undefined, parts: Running, signal: AbortSignal): Promise<Round> {
  const { host, reconciler, publisher, watch, tally } = parts;
  if (cause !== undefined) host.hub.emit({ kind: 'look.started', cause });
  const before = guardedNow(reconciler);
  const { ended, ms } = await watch.during(() => reconciler.round(signal, { looks: cause !== undefined }));
  tally.roundEnded(ms);
  if (hasRecovered(before, guardedNow(reconciler))) void host.engine.wake();
  await parts.conditions.say(auditedWord(host.audit.fault));
  await sayClock(parts);
  await sayBackups(parts);
  void tellManager(parts);
  void parts.notifier.look();
  // Only now is everything said that this round has to say: one commit, not one for each half.
  publisher.note(ended.isNews ? 'urgent' : 'soon');
  return ended;
}

function guardedNow({ lastPass }: Running['reconciler']): readonly GuardedVolume[] {
  return lastPass?.view.guarded ?? [];
}

/** Tells the service manager how the host is. Never rejects: it is told again after the next round. */
async function tellManager({ composer, manager, host }: Running): Promise<void> {
  if (!manager.isHeard) return;
  try {
    const { status } = await composer.compose();
    await manager.status(status.summary.sentence);
  } catch (error) {
    host.hub.emit({ kind: 'store.failed', fault: faultOf(error) });
  }
}

/** Never rejects: a store that cannot be read for now must not end the loop. */
async function sayClock({ host, conditions }: DaemonParts): Promise<void> {
  try {
    const fault = await host.clockWatch.fault();
    await conditions.say(clockWord(fault, host.clockWatch.isKeptInStep));
  } catch (error) {
    host.hub.emit({ kind: 'store.failed', fault: faultOf(error) });
  }
}

/** Never rejects: a store that cannot be read for now must not end the loop. */
async function sayBackups({ host, conditions }: DaemonParts): Promise<void> {
  try {
    const statuses = await host.engine.statuses(host.clock.now());
    await conditions.say(backupsWord(statuses), provedWord(statuses));
  } catch (error) {
    host.hub.emit({ kind: 'policies.failed', fault: faultOf(error) });
  }
}

/** Runs end beside the loop, and their end is news for the status. */
function publishEndedRuns(parts: DaemonParts): (event: AnchordEvent) => void {
  const { publisher, notifier } = parts;
  async function note(urgency: 'soon' | 'urgent'): Promise<void> {
    await sayBackups(parts);
    publisher.note(urgency);
    void notifier.look();
  }
  return (event) => {
    if (event.kind === 'run.started') notifier.runStarted(event.policy);
    if (event.kind === 'run.ended') void note(event.run.outcome === 'ok' ? 'soon' : 'urgent');
  };
}
