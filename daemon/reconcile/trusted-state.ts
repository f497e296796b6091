import { constants } from 'node:fs';
import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { HostState } from '../../state-schema/host-state.ts';

/** A revision with the host state that was read from it. */
export interface TrustedState {
  readonly revision: string;
  readonly state: HostState;
}

/**
 * Keeps the last trusted host state beside the store, so that a start needs neither the mirror nor the remote. It is a
 * copy: one of another revision or of another version of anchord is passed over, and the mirror is read again.
 */
export async function saveTrustedState(file: string, version: string, trusted: TrustedState): Promise<void> {
  const beside = `${file}.new`;
  {
    await using handle = await open(beside, 'w', 0o600);
    await handle.writeFile(JSON.stringify({ version, ...trusted }));
    await handle.sync();
  }
  await rename(beside, file);
  await using folder = await open(dirname(file), constants.O_RDONLY | constants.O_DIRECTORY);
  await folder.sync();
}

/** The kept host state of exactly this revision and version; undefined when there is none. */
export async function loadTrustedState(
  file: string,
  wanted: { readonly version: string; readonly revision: string },
): Promise<HostState | undefined> {
  try {
    const kept = JSON.parse(await readFile(file, 'utf8')) as TrustedState & { readonly version: string };
    return kept.version === wanted.version && kept.revision === wanted.revision ? kept.state : undefined;
  } catch {
    return undefined; // missing or torn: it is only a copy
  }
}
