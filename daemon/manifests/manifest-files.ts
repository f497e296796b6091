import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST_LIMIT, manifestText, parseManifest, type Manifest } from './manifest.ts';

/** So many are kept of one policy: more snapshots than any sensible `keep` keeps. The oldest go first. */
const KEPT = 2_000;
const NAME = /^([0-9a-f]{64})\.json$/;

/** A snapshot of a policy. */
export interface SnapshotOf {
  readonly policy: string;
  /** 64 hex digits. */
  readonly snapshot: string;
}

/** Writes the manifest of a snapshot so that a power cut leaves all of it or nothing. */
export async function writeManifest(stateDir: string, manifest: Manifest): Promise<void> {
  const text = manifestText(manifest);
  if (Buffer.byteLength(text) > MANIFEST_LIMIT)
    throw new Error(`the manifest of snapshot ${manifest.snapshot.slice(0, 8)} is longer than its limit`);
  const folder = folderOf(stateDir, manifest.policy);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, fileName(manifest.snapshot));
  {
    await using beside = await open(`${file}.new`, 'w', 0o600);
    await beside.writeFile(text);
    await beside.sync();
  }
  await rename(`${file}.new`, file);
  await using opened = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  await opened.sync();
}

/** The manifest of a snapshot; undefined when there is none, or none that can be trusted. */
export async function readManifest(stateDir: string, of: SnapshotOf): Promise<Manifest | undefined> {
  const file = join(folderOf(stateDir, of.policy), fileName(of.snapshot));
  try {
    await using handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
    if ((await handle.stat()).size > MANIFEST_LIMIT) return undefined;
    const manifest = parseManifest(await handle.readFile('utf8'));
    return manifest?.snapshot === of.snapshot && manifest.policy === of.policy ? manifest : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Ids of the snapshots of a policy that have a manifest, in no order. */
export async function manifestsOf(stateDir: string, policy: string): Promise<readonly string[]> {
  const names = await entriesOf(folderOf(stateDir, policy));
  return names.flatMap((name) => NAME.exec(name)?.[1] ?? []);
}

/**
 * Removes the manifests of a policy's snapshots that are gone. `snapshots` are those that are left, oldest first, by
 * their ids; of more than two thousand only the newest keep theirs. What a crash left half-written goes, too.
 */
export async function dropManifests(
  stateDir: string,
  policy: string,
  snapshots: readonly string[],
): Promise<void> {
  const kept = new Set(snapshots.slice(-KEPT).map(fileName));
  const folder = folderOf(stateDir, policy);
  for (const name of await entriesOf(folder)) {
    if (!kept.has(name)) await unlink(join(folder, name)).catch(ignoreAbsent);
  }
}

/** A policy's name is one word of the schema, so it cannot lead elsewhere; that is checked again here, for it is a path. */
function folderOf(stateDir: string, policy: string): string {
  if (!/^[a-z0-9][a-z0-9._-]*$/i.test(policy))
    throw new Error(`Internal error: ${JSON.stringify(policy)} is no name of a policy`);
  return join(stateDir, 'manifests', policy);
}

function fileName(snapshot: string): string {
  if (!/^[0-9a-f]{64}$/.test(snapshot))
    throw new Error(`Internal error: ${JSON.stringify(snapshot)} is no id of a snapshot`);
  return `${snapshot}.json`;
}

async function entriesOf(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(ignoreAbsent)) ?? [];
}

function ignoreAbsent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw error;
}
