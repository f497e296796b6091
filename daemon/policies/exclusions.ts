import { join } from 'node:path';
import { literalPattern, patternBelow } from '../commands/restic-backup.ts';
import { EXCLUDE_FILE } from './exclude-file.ts';
import type { PolicyParts } from './policy-parts.ts';
import { readExcludeFile } from './read-exclude-file.ts';
import type { NamedBackup } from './repository-place.ts';

/** Never backed up, at any depth: what anchord (its sentinels, the staging of its catcher) and Samba keep for themselves. */
const ALWAYS_EXCLUDED = ['.recycle', '.anchord-*'];

/** What a backup leaves out. */
export interface Exclusions {
  /** Patterns of restic, in order: a later one beginning with `!` takes back earlier ones. */
  readonly patterns: readonly string[];
  /** The same as a person wrote them or would. */
  readonly words: readonly string[];
  /** What the source's own file asked for in vain, one sentence; absent when there is nothing. */
  readonly ignored?: string;
}

/**
 * What a backup leaves out, in an order in which nobody can take back what stands above them: the file at the source's
 * top, then the policy, then anchord's own and every local repository.
 */
export async function exclusions(backup: NamedBackup, parts: PolicyParts): Promise<Exclusions> {
  const { policy } = backup;
  const place = { root: parts.root, source: policy.source };
  const file = await readExcludeFile(place);
  const words = [...file.patterns, ...(policy.exclude ?? []), ...ALWAYS_EXCLUDED];
  const repositories = await repositoriesBelow(backup, parts);
  return {
    patterns: [
      ...words.map((pattern) => patternBelow(place, pattern)),
      ...repositories.map((location) => literalPattern(join(parts.root, location))),
    ],
    words: [...words, ...repositories],
    ...(file.ignored.length === 0
      ? {}
      : { ignored: `${EXCLUDE_FILE} of ${policy.source} is not obeyed: ${firstOf(file.ignored)}` }),
  };
}

/** Every local repository that lies in the source, also those of policies that are no longer declared. */
async function repositoriesBelow(backup: NamedBackup, parts: PolicyParts): Promise<readonly string[]> {
  const declared = Object.values(backup.state.policies).flatMap((policy) =>
    policy.kind === 'backup' ? [policy.repository] : [],
  );
  const remembered = [...(await parts.store.repositoryIds()).keys()];
  const { source } = backup.policy;
  const below = [...declared, ...remembered].filter((location) =>
    location.startsWith(source === '/' ? '/' : `${source}/`),
  );
  return [...new Set(below)];
}

function firstOf(ignored: readonly string[]): string {
  const more = ignored.length > 1 ? ` and ${ignored.length - 1} more` : '';
  return `${ignored[0]}${more}`;
}
