import type { Fault } from '../errors.ts';
import type { RemoteAccess } from './remote.ts';
import { shellWord } from '../shell-word.ts';

// What OpenSSH and git's libcurl, with GnuTLS or OpenSSL, say of a server that does not prove who it is.
const HOST_KEY_CHANGED =
  /REMOTE HOST IDENTIFICATION HAS CHANGED|REVOKED HOST KEY|has changed and you have requested/;
const HOST_KEY_UNKNOWN = /host key is known for|Host key verification failed/;
const CERTIFICATE =
  /server certificate verification failed|SSL certificate problem|certificate subject name|no alternative certificate subject|SSL CA cert|certificate verify locations|SSL: no alternative/i;

/**
 * The fault of a server that could not prove to be the one it should be; undefined when that is not what git or ssh
 * complains of. Nothing here is ever mended by anchord itself: whoever answers in the server's place would gain by it.
 * Pure; `could` begins the message.
 */
export function serverFault(access: RemoteAccess, stderr: string, could: string): Fault | undefined {
  if (access.remote.kind === 'ssh' && HOST_KEY_CHANGED.test(stderr)) return changedKey(access, stderr, could);
  if (access.remote.kind === 'ssh' && HOST_KEY_UNKNOWN.test(stderr)) return unknownKey(access, could);
  return CERTIFICATE.test(stderr) ? refusedCertificate(access, stderr, could) : undefined;
}

function changedKey(access: RemoteAccess, stderr: string, could: string): Fault {
  const shown = /SHA256:[\w+/=]+/.exec(stderr)?.[0] ?? 'another key';
  const list = shellWord(access.credentials?.knownHostsFile ?? '');
  return {
    reason: 'HostKeyChanged',
    message: `${could}: the server answers with the key ${shown}, and ${list} has another one for it. Either the server got a new key, or somebody else answers in its place`,
    next: `compare it with the server's own, on the server: for f in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf $f; done. Only if it is there: ssh-keygen -R ${shellWord(nameInList(access))} -f ${list} && ${scan(access)} >> ${list}`,
  };
}

function unknownKey(access: RemoteAccess, could: string): Fault {
  const list = shellWord(access.credentials?.knownHostsFile ?? '');
  return {
    reason: 'HostKeyUnknown',
    message: `${could}: ${list} has no key for the server, so that nobody can tell whether the right one answers`,
    next: `${scan(access)} >> ${list}, then compare what ssh-keygen -lf ${list} prints with the server's own, on the server: for f in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf $f; done`,
  };
}

function refusedCertificate({ remote, credentials }: RemoteAccess, stderr: string, could: string): Fault {
  const { host, port } = addressOf(remote.kind === 'http' ? remote.origin : remote.url);
  const authority = credentials?.caFile === undefined ? '' : ` -CAfile ${shellWord(credentials.caFile)}`;
  const signer =
    credentials?.caFile === undefined
      ? 'an authority that this system knows, or one named by caFile in the credentials'
      : credentials.caFile;
  const words = /certificate subject name[^\n]*|no alternative certificate[^\n]*/i.exec(stderr)?.[0];
  return {
    reason: 'CertificateRefused',
    message: `${could}: ${words ?? 'its certificate cannot be trusted'}. It must be in date, carry the name ${host} and be signed by ${signer}`,
    next: `look at what the server shows: openssl s_client -connect ${shellWord(`${host}:${port}`)} -verify_hostname ${shellWord(host)}${authority} </dev/null`,
  };
}

function addressOf(origin: string): { readonly host: string; readonly port: string } {
  const { hostname, port } = new URL(origin);
  return { host: hostname, port: port === '' ? '443' : port };
}

function scan({ remote }: RemoteAccess): string {
  if (remote.kind !== 'ssh') return '';
  const port = remote.port === undefined ? '' : ` -p ${remote.port}`;
  return `ssh-keyscan${port} ${shellWord(remote.host)}`;
}

/** How a server is called in a list of known ones: sshd(8), SSH_KNOWN_HOSTS FILE FORMAT. */
function nameInList({ remote }: RemoteAccess): string {
  if (remote.kind !== 'ssh') return '';
  return remote.port === undefined || remote.port === 22 ? remote.host : `[${remote.host}]:${remote.port}`;
}
