import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Stalled } from '../errors.ts';
import { run } from '../process/run.ts';

const BESIDE = '.upstream-';

/**
 * Makes a bare repository that people can push to, with one commit of a folder on `main`. Whole or not at all; only one
 * process at a time may do so in a folder.
 */
export async function seedUpstream(
  upstream: string,
  from: { readonly example: string; readonly schemas: string },
  path: string,
): Promise<void> {
  const folder = dirname(upstream);
  // Left by one that was killed.
  for (const name of await readdir(folder))
    if (name.startsWith(BESIDE)) await rm(join(folder, name), { recursive: true, force: true });
  const beside = await mkdtemp(join(folder, BESIDE));
  try {
    const tree = join(beside, 'tree');
    const bare = join(beside, 'upstream.git');
    await cp(from.example, tree, { recursive: true });
    await pointToSchemas(join(tree, 'hosts'), from.schemas);
    const place = { home: beside, path };
    await mustGit(['init', '--quiet', '--bare', '--initial-branch=main', bare], place);
    await mustGit([`--git-dir=${bare}`, `--work-tree=${tree}`, 'add', '--all'], place);
    await mustGit(
      [`--git-dir=${bare}`, `--work-tree=${tree}`, 'commit', '--quiet', '--message=Describe motoko'],
      place,
    );
    await rm(join(bare, 'index'), { force: true });
    await rename(bare, upstream);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

/** Editors complete the files from the schemas of this installation, wherever the repository is cloned to. */
async function pointToSchemas(hosts: string, schemas: string): Promise<void> {
  for (const entry of await readdir(hosts, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.yaml')) continue;
    const file = join(entry.parentPath, entry.name);
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      text.replace(/^(# yaml-language-server: \$schema=)\S*\/([^/\s]+)$/m, `$1${schemas}/$2`),
    );
  }
}

async function mustGit(
  args: readonly string[],
  place: { readonly home: string; readonly path: string },
): Promise<void> {
  const result = await run({
    program: 'git',
    args,
    env: {
      PATH: place.path,
      HOME: place.home,
      LC_ALL: 'C.UTF-8',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_NAME: 'anchord demo',
      GIT_AUTHOR_EMAIL: 'demo@localhost',
      GIT_COMMITTER_NAME: 'anchord demo',
      GIT_COMMITTER_EMAIL: 'demo@localhost',
    },
    timeoutMs: 60_000,
  });
  if (result.end === 'not-found') {
    throw new Stalled({ reason: 'ProgramMissing', message: 'git is not installed', next: 'apt install git' });
  }
  if (result.code !== 0) throw new Error(`git ${args.join(' ')} failed: ${result.stderr.trim()}`);
}
