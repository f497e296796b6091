import type { BackupPolicy } from '../generated/state-file.ts';
import type { Finding } from '../parse/finding.ts';
import { quote } from '../quote.ts';
import type { CheckContext } from './check-context.ts';
import { selfAndAbove } from './path-tree.ts';

/** Backups that share a repository share its password, and no local repository lies in another. */
export function checkRepositories({ state }: CheckContext): readonly Finding[] {
  const first = new Map<string, readonly [string, BackupPolicy]>();
  const backups = Object.entries(state.policies).flatMap(([name, policy]) =>
    policy.kind === 'backup' ? [[name, policy] as const] : [],
  );
  for (const backup of backups) {
    const [, { repository }] = backup;
    if (!first.has(repository)) first.set(repository, backup);
  }
  return backups.flatMap(([name, policy]) => {
    return [...otherPassword(name, policy, first.get(policy.repository)), ...nested(name, policy, first)];
  });
}

function otherPassword(
  name: string,
  policy: BackupPolicy,
  first: readonly [string, BackupPolicy] | undefined,
): Finding[] {
  if (first === undefined || first[1].password.secret === policy.password.secret) return [];
  const message =
    `policy ${name} opens ${quote(policy.repository)} with ${policy.password.secret}, and policy ${first[0]} with ` +
    `${first[1].password.secret}; one repository has one password`;
  const at = ['policies', name, 'password'];
  return [
    {
      code: 'wrong-value',
      at,
      on: 'value',
      message,
      expected: first[1].password.secret,
      also: [['policies', first[0], 'password']],
    },
  ];
}

function nested(
  name: string,
  { repository }: BackupPolicy,
  first: ReadonlyMap<string, readonly [string, BackupPolicy]>,
): Finding[] {
  if (!repository.startsWith('/')) return [];
  const outer = selfAndAbove(repository)
    .slice(1)
    .map((path) => first.get(path)?.[0])
    .find((owner) => owner !== undefined);
  if (outer === undefined) return [];
  const message = `the repository ${quote(repository)} of policy ${name} lies inside that of policy ${outer}; put them side by side`;
  return [
    {
      code: 'overlap',
      at: ['policies', name, 'repository'],
      on: 'value',
      message,
      also: [['policies', outer, 'repository']],
    },
  ];
}
