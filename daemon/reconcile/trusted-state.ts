import { createHash } from 'node:crypto';
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
    await handle.writeFile(JSON.stringify({ version, digest: digestOf(trusted.state), ...trusted }));
    await handle.sync();
  }
  await rename(beside, file);
  await using folder = await open(dirname(file), constants.O_RDONLY | constants.O_DIRECTORY);
  await folder.sync();
}

/** The kept host state of exactly this revision and version, whole as it was saved; undefined when there is none. */
export async function loadTrustedState(
  file: string,
  wanted: { readonly version: string; readonly revision: string },
): Promise<HostState | undefined> {
  try {
    const kept = JSON.parse(await readFile(file, 'utf8')) as Kept;
    if (kept.version !== wanted.version || kept.revision !== wanted.revision) return undefined;
    return kept.digest === digestOf(kept.state) ? kept.state : undefined;
  } catch {
    return undefined; // missing or torn: it is only a copy
  }
}

/** The kept host state of whatever revision, for who only looks: no revision is put in force by it. */
export async function peekTrustedState(file: string): Promise<HostState | undefined> {
  try {
    const kept = JSON.parse(await readFile(file, 'utf8')) as Kept;
    return kept.digest === digestOf(kept.state) ? kept.state : undefined;
  } catch {
    return undefined;
  }
}

interface Kept extends TrustedState {
  readonly version: string;
  /** Nothing else checks the state again: one that a person edited, or a disk altered, was never accepted. */
  readonly digest: string;
}

function digestOf(state: HostState): string {
  return createHash('sha256').update(JSON.stringify(state)).digest('hex');
}
