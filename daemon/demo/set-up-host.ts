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

/** Makes the repositories of new backups, and runs each new backup and mirror once, so that there is something to see. */
export async function startNewCopies(host: Host, state: HostState): Promise<void> {
  for (const [name, policy] of Object.entries(state.policies)) {
    if (carriedOut(policy) !== undefined || !(policy.kind === 'backup' || policy.kind === 'mirror')) continue;
    const isInitialised =
      policy.kind === 'mirror' || (await host.store.repositoryIds()).has(policy.repository);
    if (!isInitialised) await host.engine.init(name);
    // Refused while a program is missing or a guard fails, which status says; a first run that was killed is made again.
    const runs = await host.store.runs({ policy: name, limit: 2 });
    if (runs.some((run) => run.reason !== 'Interrupted')) continue;
    await host.engine.runNow(name, 'person');
  }
}

/** The first copies must have ended before this long, so that whoever tries the demo sees them first. Milliseconds. */
const BEFORE_PROOFS_MS = 30_000;

/** Runs each new check and drill once, when all the copies that it looks at are there, so that there is a proof to see. */
export async function startNewProofs(host: Host, state: HostState): Promise<void> {
  const runs = await host.store.lastRuns();
  const latest = host.clock.now().getTime() - BEFORE_PROOFS_MS;
  for (const [name, policy] of Object.entries(state.policies)) {
    if ((policy.kind !== 'check' && policy.kind !== 'drill') || runs.has(name)) continue;
    const copies = policy.of.map((copy) => runs.get(copy)?.lastOk);
    if (copies.every((run) => run !== undefined && Date.parse(run.endedAt) < latest))
      await host.engine.runNow(name, 'person');
  }
}
