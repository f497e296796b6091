import { serveControl } from './control/control-server.ts';
import type { Cleanups } from './cleanups.ts';
import type { DaemonParts } from './daemon-parts.ts';
import { watchRef } from './git/watch-ref.ts';
import { hostControl } from './host-control.ts';
import { listenOn } from './http/listen-on.ts';
import { pageServer } from './http/page-server.ts';
import { shareAnswer } from './http/share-answer.ts';
import type { LookCause } from './look-loop.ts';
import { pageFiles } from './page/page-files.ts';
import type { SecretValue } from './secrets/secret-value.ts';
import { socketPath } from './settings/state-paths.ts';
import type { WakeUp } from './wake-up.ts';

/** What serving needs. */
export interface ServeParts extends DaemonParts {
  /** Where whoever asks for a look is heard. */
  readonly looks: WakeUp<LookCause>;
  readonly isReady: () => boolean;
  /** With it forges may tell of pushes. */
  readonly hookSecret: SecretValue | undefined;
}

/** Opens every way in: the page, the commands' socket, and whatever tells of a push. */
export async function serve(parts: ServeParts, cleanups: Cleanups): Promise<void> {
  const { host, composer, looks } = parts;
  const { settings, hub, clock } = host;
  const server = pageServer({
    ...settings,
    page: await pageFiles(),
    compose: shareAnswer(() => composer.compose(), { hub, monotonic: () => clock.monotonic() }),
    hub,
    isReady: parts.isReady,
    ...hookParts(parts),
  });
  cleanups.add(() => server.close());
  hub.emit({ kind: 'daemon.listening', url: await listenOn(server, settings.listen) });
  const control = hostControl({ ...parts, look: () => looks.call('person') });
  const socket = await serveControl(socketPath(settings.stateDir, host.environment.runtimeDir), control, hub);
  cleanups.add(() => socket.close());
  const watch = await watchRef({ ...settings.repository, onChange: () => looks.call('watch') });
  if (watch !== undefined) cleanups.use(watch);
}

function hookParts({ host, looks, hookSecret }: ServeParts): Pick<Parameters<typeof pageServer>[0], 'hook'> {
  if (hookSecret === undefined) return {};
  return {
    hook: {
      secret: hookSecret,
      branch: host.settings.repository.branch,
      look: () => looks.call('webhook'),
      emit: host.hub.emit,
      count: () => {},
    },
  };
}
