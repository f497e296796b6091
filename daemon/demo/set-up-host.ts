import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostState } from '../../state-schema/host-state.ts';
import { adoptDeclared } from '../control/adopt-declared.ts';
import type { Host } from '../host.ts';
import { carriedOut } from '../policies/carried-out.ts';

/**
 * What a person does once on a real host, and the demo does by itself: gives each new volume a folder and adopts it.
 * A volume that was adopted before is left alone, so that its guard can be seen to fail.
 */
export async function adoptNewVolumes(host: Host, volumes: HostState['volumes']): Promise<boolean> {
  const adopted = await host.store.volumeIds();
  const fresh = Object.entries(volumes).filter(([name]) => !adopted.has(name));
  for (const [name, volume] of fresh) {
    await mkdir(join(host.settings.root, volume.mount), { recursive: true });
    await adoptDeclared(name, volumes, host);
  }
  return fresh.length > 0;
}

/** Makes the repositories of new backup policies, and runs each such policy once, so that there is something to see. */
export async function startNewBackups(host: Host, state: HostState): Promise<void> {
  for (const [name, policy] of Object.entries(state.policies)) {
    if (policy.kind !== 'backup' || carriedOut(policy) !== undefined) continue;
    if (!(await host.store.repositoryIds()).has(policy.repository)) await host.engine.init(name);
    // Refused while restic is missing or a guard fails, which status says; a first run that was killed is made again.
    const runs = await host.store.runs({ policy: name, limit: 2 });
    if (runs.some((run) => run.reason !== 'Interrupted')) continue;
    await host.engine.runNow(name, 'person');
  }
}
