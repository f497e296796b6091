import { auditedControl } from './control/audited-control.ts';
import { serveControl } from './control/control-server.ts';
import { redactedControl } from './control/redacted-control.ts';
import type { AskedRounds } from './asked-rounds.ts';
import type { Cleanups } from './cleanups.ts';
import type { DaemonParts } from './daemon-parts.ts';
import { watchFiles } from './files/watch-files.ts';
import { watchRef } from './git/watch-ref.ts';
import { hostControl } from './host-control.ts';
import { listenOn } from './http/listen-on.ts';
import { pageServer } from './http/page-server.ts';
import { shareAnswer } from './http/share-answer.ts';
import type { LookCause } from './look-loop.ts';
import { gatherFacts } from './metrics/gather-facts.ts';
import { renderMetrics } from './metrics/render-metrics.ts';
import type { Tally } from './metrics/tally.ts';
import { pageFiles } from './page/page-files.ts';
import type { RoundWatch } from './round-watch.ts';
import { managedFiles } from './samba/managed-files.ts';
import { sambaPlace } from './samba/samba-place.ts';
import type { SecretValue } from './secrets/secret-value.ts';
import type { RecentEvents } from './recent-events.ts';
import { socketPath } from './settings/state-paths.ts';
import type { WakeUp } from './wake-up.ts';

/** What serving needs. */
export interface ServeParts extends DaemonParts {
  /** Where whoever asks for a look is heard. */
  readonly looks: WakeUp<LookCause>;
  readonly rounds: AskedRounds;
  readonly recent: RecentEvents;
  readonly watch: RoundWatch;
  readonly tally: Tally;
  /** With it forges may tell of pushes. */
  readonly hookSecret: SecretValue | undefined;
}

/** Opens every way in: the page, the commands' socket, and whatever tells of a push. */
export async function serve(parts: ServeParts, cleanups: Cleanups): Promise<void> {
  const { host, composer, looks, watch, tally } = parts;
  const { settings, hub, clock, store } = host;
  const place = { hub, monotonic: (): number => clock.monotonic() };
  const compose = shareAnswer(() => composer.compose(), place);
  const server = pageServer({
    ...settings,
    page: await pageFiles(),
    compose,
    hub,
    isReady: () => watch.isReady,
    stuck: () => watch.stuck(),
    metrics: shareAnswer(async () => renderMetrics(await gatherFacts({ ...parts, compose, store })), place),
    onStreamCutOff: () => tally.streamCutOff(),
    ...hookParts(parts),
  });
  cleanups.add(() => server.close());
  hub.emit({ kind: 'daemon.listening', url: await listenOn(server, settings.listen) });
  const asker = { audit: host.audit, uid: process.getuid?.() ?? 0 };
  const control = auditedControl(
    redactedControl(hostControl({ ...parts, look: () => looks.call('person') }), host.secrets.redaction),
    asker,
  );
  const at = socketPath(settings.stateDir, host.environment.runtimeDir);
  const socket = await serveControl(at, control, { hub, recent: parts.recent });
  cleanups.add(() => socket.close());
  const ref = await watchRef({ ...settings.repository, onChange: () => looks.call('watch') });
  if (ref !== undefined) cleanups.use(ref);
  const { root, stateDir } = settings;
  const samba = sambaPlace({ root, stateDir, path: host.environment.path, serves: false });
  cleanups.use(await watchFiles(managedFiles(samba), () => looks.call('watch')));
}

function hookParts({
  host,
  looks,
  hookSecret,
  tally,
}: ServeParts): Pick<Parameters<typeof pageServer>[0], 'hook'> {
  if (hookSecret === undefined) return {};
  return {
    hook: {
      secret: hookSecret,
      branch: host.settings.repository.branch,
      look: () => looks.call('webhook'),
      emit: host.hub.emit,
      count: (result) => tally.hookCalled(result),
    },
  };
}
