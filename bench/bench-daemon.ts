import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostSettingsFile } from '../state-schema/generated/host-settings.ts';
import { runDaemon, type DaemonOptions } from '../daemon/daemon.ts';
import { adoptVolume } from '../daemon/guards/adopt-volume.ts';
import { openHost, type Host } from '../daemon/host.ts';
import { completeSettings } from '../daemon/settings/host-settings.ts';

/** The daemon itself, in the process of the bench. */
export interface BenchDaemon {
  /** Prefix of every host path. */
  readonly root: string;
  /** Where it is asked. */
  readonly url: string;
  readonly ended: Promise<void>;
}

/** Starts it in a folder, over a state repo of the host `bench`; resolves when its first round is over. */
export async function startDaemon(
  folder: string,
  repos: Pick<HostSettingsFile, 'repository' | 'status'>,
  signal: AbortSignal,
): Promise<BenchDaemon> {
  const root = join(folder, 'root');
  await mkdir(join(root, 'flux'), { recursive: true });
  const settings = completeSettings({
    host: 'bench',
    ...repos,
    stateDir: join(folder, 'state'),
    root,
    listen: '127.0.0.1:0',
  });
  const host = await openHost(settings, { path: process.env.PATH ?? '' });
  const remember = host.disks.remember.bind(host.disks);
  await adoptVolume('flux', { mount: '/flux', label: 'flux' }, { ...host.guards, remember });
  const running = { url: '', ended: Promise.resolve() };
  host.hub.listen((event) => {
    if (event.kind === 'daemon.listening') running.url = event.url;
  });
  await new Promise<void>((resolve, reject) => {
    running.ended = runAndClose(host, { signal, afterRound: async () => resolve() });
    running.ended.catch(reject);
  });
  return { root, ...running };
}

async function runAndClose(host: Host, options: DaemonOptions): Promise<void> {
  await using opened = host;
  await runDaemon(opened, options);
}
