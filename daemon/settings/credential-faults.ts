import type { GitCredentials } from '../../state-schema/generated/host-settings.ts';

/** A setting about credentials that cannot be meant. */
export interface CredentialFault {
  /** The key at fault; without one, the url lacks something beside it. */
  readonly key?: keyof GitCredentials;
  readonly message: string;
}

type Transport = 'local folder' | 'http' | 'https' | 'ssh';

const KEYS: Readonly<Record<Transport, readonly (keyof GitCredentials)[]>> = {
  'local folder': [],
  http: ['username', 'passwordFile'],
  https: ['username', 'passwordFile', 'caFile'],
  ssh: ['keyFile', 'knownHostsFile'],
};

/** What ssh's configuration would read as something else than itself, in a path between double quotes. */
const SSH_SYNTAX = /["\\$%\p{Cc}]/u;

/** What is wrong with the credentials for a remote: each kind of remote takes its own. Pure. */
export function credentialFaults(
  url: string,
  credentials: GitCredentials | undefined,
): readonly CredentialFault[] {
  const transport = transportOf(url);
  if (transport === 'ssh') return sshFaults(credentials ?? {});
  const faults = foreignKeys(transport, credentials ?? {});
  if (credentials?.username !== undefined && credentials.passwordFile === undefined)
    faults.push({ key: 'username', message: 'needs a passwordFile beside it' });
  return faults;
}

function transportOf(url: string): Transport {
  if (url.startsWith('/') || url.startsWith('file:')) return 'local folder';
  if (url.startsWith('https:')) return 'https';
  return url.startsWith('http:') ? 'http' : 'ssh';
}

function foreignKeys(transport: Transport, credentials: GitCredentials): CredentialFault[] {
  const taken = KEYS[transport];
  const means = taken.length === 0 ? 'takes no credentials' : `takes ${taken.join(', ')}`;
  return keysOf(credentials)
    .filter((key) => !taken.includes(key))
    .map((key) => ({ key, message: `means nothing here: the url is of kind ${transport}, which ${means}` }));
}

function sshFaults(credentials: GitCredentials): readonly CredentialFault[] {
  const faults = foreignKeys('ssh', credentials);
  const missing = KEYS.ssh.filter((key) => credentials[key] === undefined);
  if (missing.length > 0) {
    faults.push({
      message: `is of kind ssh, and needs ${missing.join(' and ')} in its credentials: over ssh anchord uses one key and one list of known server keys, and nothing from a home directory`,
    });
  }
  for (const key of KEYS.ssh) {
    if (SSH_SYNTAX.test(credentials[key] ?? ''))
      faults.push({ key, message: 'has a character that ssh does not take in a path: one of " \\ $ %' });
  }
  return faults;
}

function keysOf(credentials: GitCredentials): readonly (keyof GitCredentials)[] {
  const all = ['username', 'passwordFile', 'caFile', 'keyFile', 'knownHostsFile'] as const;
  return all.filter((key) => credentials[key] !== undefined);
}
