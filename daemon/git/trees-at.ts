import type { BareRepository } from './bare-repository.ts';

/** The trees of folders of a commit, by path; those it does not have are left out. */
export async function treesAt(
  repository: BareRepository,
  commit: string | undefined,
  paths: readonly string[] = [],
): Promise<ReadonlyMap<string, string>> {
  const trees = new Map<string, string>();
  for (const path of commit === undefined ? [] : paths) {
    const result = await repository.run(['rev-parse', '--quiet', '--verify', `${commit}:${path}`]);
    if (result.code === 0) trees.set(path, result.stdout.trim());
  }
  return trees;
}
