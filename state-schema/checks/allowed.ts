import type { AllowSettings } from '../generated/host-settings.ts';
import type { Secret } from '../generated/state-file.ts';
import type { Finding, ValuePath } from '../parse/finding.ts';
import { quote } from '../quote.ts';
import type { CheckContext } from './check-context.ts';

/**
 * What the host settings must allow is allowed: files, vaults and commands of secrets, freeze hooks, owners. Nothing
 * is said when the settings are not known.
 */
export function checkAllowed({ state, allow }: CheckContext): readonly Finding[] {
  if (allow === undefined) return [];
  return [
    ...Object.entries(state.secrets).flatMap(([name, secret]) => checkSecret(name, secret, allow)),
    ...Object.entries(state.policies).flatMap(([name, policy]): Finding[] => {
      const hook = policy.kind === 'backup' ? policy.freeze : undefined;
      if (hook === undefined || Object.hasOwn(allow.hooks ?? {}, hook)) return [];
      return [refused(['policies', name, 'freeze'], hook, 'allow.hooks')];
    }),
    ...checkOwners(state, allow),
  ];
}

function checkSecret(name: string, secret: Secret, { secrets = {} }: AllowSettings): Finding[] {
  const at = ['secrets', name];
  switch (secret.from) {
    case 'env-file':
    case 'file':
      return unless(Object.keys(secrets.files ?? {}), secret.file, [...at, 'file']);
    case 'command':
      return unless(Object.keys(secrets.commands ?? {}), secret.command, [...at, 'command']);
    case 'azure-key-vault':
    case 'onepassword':
      return unless(secrets.vaults ?? [], secret.vault, [...at, 'vault']);
    case 'systemd-credential':
      // The unit hands the daemon only what its own credentials are.
      return [];
  }
}

function unless(allowed: readonly string[], name: string, at: ValuePath): Finding[] {
  return allowed.includes(name) ? [] : [refused(at, name, `allow.secrets.${String(at.at(-1))}s`)];
}

function checkOwners(state: CheckContext['state'], allow: AllowSettings): Finding[] {
  const known = new Set(['root', ...Object.keys(state.users), ...(allow.users ?? [])]);
  return Object.entries(state.directories).flatMap(([path, directory]) => {
    return (['owner', 'group'] as const).flatMap((key): Finding[] => {
      const name = directory[key];
      if (name === undefined || known.has(name) || (key === 'group' && name === 'users')) return [];
      return [refused(['directories', path, key], name, 'allow.users')];
    });
  });
}

function refused(at: ValuePath, name: string, where: string): Finding {
  const found = quote(name);
  const message = `${found} may only be used here once ${where} in the host settings names it; ask whoever has root there`;
  return {
    code: 'forbidden',
    at,
    on: 'value',
    message,
    found,
    expected: `a name under ${where} in the host settings`,
  };
}
