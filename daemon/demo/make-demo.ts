import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, open, rename, writeFile } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HostState } from '../../state-schema/host-state.ts';
import { Stalled } from '../errors.ts';
import { exists } from '../files/exists.ts';
import { lockStateDir } from '../locks/state-dir-lock.ts';
import { statePaths } from '../settings/state-paths.ts';
import { demoPaths, demoSettings, type DemoPaths } from './demo-settings.ts';
import { seedUpstream } from './seed-upstream.ts';

/** The package's own folder, from dist/daemon/demo. */
const PACKAGE = fileURLToPath(new URL('../../../', import.meta.url));

/** The state repo that the demo starts with. */
export const EXAMPLE: string = join(PACKAGE, 'example-state-repo');

/** How to make a demo. */
export interface DemoRequest {
  readonly dir: string;
  readonly listen: string;
  /** What the example says of its host. */
  readonly state: HostState;
  readonly path: string;
}

/**
 * Makes a demo folder, or finishes one that was begun, and says whether it did. Every step is whole or not there, and
 * the settings come last: a folder that has them is complete, and is never changed again.
 */
export async function makeDemo(
  request: DemoRequest,
): Promise<{ readonly paths: DemoPaths; readonly made: boolean }> {
  const paths = demoPaths(request.dir);
  await makeOwnFolder(paths.dir);
  if (await exists(paths.settings)) return { paths, made: false };
  await mkdir(paths.state, { recursive: true, mode: 0o700 });
  const unlock = await lockStateDir(statePaths(paths.state));
  try {
    await fill(request, paths);
    return { paths, made: true };
  } finally {
    await unlock();
  }
}

async function fill({ state, path, listen }: DemoRequest, paths: DemoPaths): Promise<void> {
  for (const folder of [paths.root, paths.cloud, paths.secrets])
    await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of Object.keys(state.remotes)) await mkdir(join(paths.cloud, name), { recursive: true });
  for (const volume of Object.values(state.volumes))
    await mkdir(join(paths.root, volume.mount), { recursive: true });
  for (const name of Object.keys(state.secrets)) await writeSecret(join(paths.secrets, name));
  await writeSamples(paths.root);
  if (!(await exists(paths.upstream))) {
    await seedUpstream(
      paths.upstream,
      { example: EXAMPLE, schemas: join(PACKAGE, 'state-schema/schemas') },
      path,
    );
  }
  await writeWhole(paths.settings, demoSettings(paths, state, listen), 0o600);
}

/** The folder decides which files a later command reads and writes, so it must be the caller's alone. */
async function makeOwnFolder(dir: string): Promise<void> {
  const other = 'choose another one: anchord demo --dir DIR';
  const stats = await makeFolder(dir).catch((error: NodeJS.ErrnoException) => {
    const message = `the folder ${dir} cannot be made (${error.code ?? error.message})`;
    throw new Stalled({ reason: 'NotPermitted', message, next: other }, { cause: error });
  });
  if (!stats.isDirectory() || stats.uid !== process.getuid?.()) {
    throw new Stalled({
      reason: 'NotPermitted',
      message: `${dir} is not a folder of yours, so the demo does not use it`,
      next: other,
    });
  }
  if ((stats.mode & 0o022) !== 0) await chmod(dir, stats.mode & 0o755);
}

/** Makes a folder that only its owner can enter, unless something of that name is there; says what is there then. */
async function makeFolder(dir: string): Promise<Stats> {
  await mkdir(dirname(dir), { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error; // a file in its place: what follows says so
  });
  await mkdir(dir, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return lstat(dir);
}

/** A secret is made once: the repositories of the demo are encrypted with it. */
async function writeSecret(file: string): Promise<void> {
  if (await exists(file)) return;
  await writeWhole(file, `${randomBytes(24).toString('base64url')}\n`, 0o600);
}

/** A few files, so that the first backup and the first mirror hold something. */
async function writeSamples(root: string): Promise<void> {
  const active = join(root, 'flux/active/welcome');
  await mkdir(active, { recursive: true });
  await writeFile(
    join(active, 'README.md'),
    '# Welcome\n\nThis is the demo of a host. Change it as you like: it is only a folder.\n',
  );
  await writeFile(join(active, 'numbers.bin'), randomBytes(64 * 1024));
  const archive = join(root, 'space/archives/welcome');
  await mkdir(archive, { recursive: true });
  for (const year of [1988, 1999, 2049])
    await writeFile(
      join(archive, `${year}.txt`),
      `What was kept in ${year}, and is mirrored to the cloud.\n`,
    );
}

async function writeWhole(file: string, text: string, mode: number): Promise<void> {
  const beside = `${file}.new`;
  {
    await using handle = await open(beside, 'w', mode);
    await handle.writeFile(text);
    await handle.sync();
  }
  await rename(beside, file);
}
