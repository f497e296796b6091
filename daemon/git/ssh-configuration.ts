import type { RemoteAccess } from './remote.ts';

/**
 * ssh's whole configuration for one remote (ssh_config(5)); given with -F, so that neither the system's nor a user's is
 * read. One key, one list of known servers, and nothing that could ask, forward or remember. Pure.
 */
export function sshConfiguration(access: RemoteAccess, stallSeconds: number): string {
  const { keyFile = '/dev/null', knownHostsFile = '/dev/null' } = access.credentials ?? {};
  const lines = [
    '# Written by anchord at every start; changes are lost.',
    'BatchMode yes',
    'StrictHostKeyChecking yes',
    'GlobalKnownHostsFile /dev/null',
    `UserKnownHostsFile "${knownHostsFile}"`,
    // The list belongs to whoever has root here; a server must not add to it.
    'UpdateHostKeys no',
    'CheckHostIP no',
    'VerifyHostKeyDNS no',
    'PreferredAuthentications publickey',
    'IdentitiesOnly yes',
    'IdentityAgent none',
    `IdentityFile "${keyFile}"`,
    'ForwardAgent no',
    'ClearAllForwardings yes',
    'ControlPath none',
    'EscapeChar none',
    'ConnectTimeout 20',
    'ConnectionAttempts 1',
    // A server that is cut off is noticed after this; git itself would wait for it.
    `ServerAliveInterval ${Math.max(1, Math.ceil(stallSeconds / 3))}`,
    'ServerAliveCountMax 3',
    // The fingerprint of the key that the server showed stands in what ssh says.
    'LogLevel INFO',
    'FingerprintHash sha256',
  ];
  return `${lines.join('\n')}\n`;
}
