import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '../daemon/process/run.ts';

/** Makes a bare repository with one commit of these files on `main`, and beside it a clone to push more from. */
export async function pushTree(
  bare: string,
  files: ReadonlyMap<string, string>,
): Promise<{ readonly clone: string }> {
  const clone = `${bare}.clone`;
  await rm(clone, { recursive: true, force: true });
  await git('/', 'init', '--quiet', '--bare', '--initial-branch=main', bare);
  await git('/', 'clone', '--quiet', bare, clone);
  await commitAndPush(clone, files);
  return { clone };
}

/** Writes files, commits them and pushes. Returns when the push has ended. */
export async function commitAndPush(clone: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [path, text] of files) {
    await mkdir(dirname(join(clone, path)), { recursive: true });
    await writeFile(join(clone, path), text);
  }
  await git(clone, 'add', '--all');
  await git(clone, 'commit', '--quiet', '--message=bench');
  await git(clone, 'push', '--quiet', 'origin', 'HEAD:main');
}

/** Runs git with a configuration of its own and returns what it prints. */
export async function git(folder: string, ...args: readonly string[]): Promise<string> {
  const result = await run({
    program: 'git',
    args,
    cwd: folder,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: '/nonexistent',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'bench',
      GIT_AUTHOR_EMAIL: 'bench@example.org',
      GIT_COMMITTER_NAME: 'bench',
      GIT_COMMITTER_EMAIL: 'bench@example.org',
    },
  });
  if (result.code !== 0) throw new Error(`git ${args.join(' ')}: ${result.end} ${result.stderr}`);
  return result.stdout;
}
