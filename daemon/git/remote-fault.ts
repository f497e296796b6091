import { Stalled, Transient, type Fault } from '../errors.ts';
import type { RunResult } from '../process/run.ts';
import { gitWords } from './git-words.ts';
import type { Remote, RemoteAccess } from './remote.ts';
import { serverFault } from './server-fault.ts';
import { shellWord } from '../shell-word.ts';

/** Why a remote did not do what it was asked. */
export type RemoteFailure =
  /** A person must act: other credentials, a look at the server's key or certificate, or at what was pushed. */
  | { readonly kind: 'person'; readonly fault: Fault }
  /** Nothing answers, or the answer broke off. */
  | { readonly kind: 'offline' }
  /** Something answers, and there is no repository at this address. */
  | { readonly kind: 'no-repository' }
  | { readonly kind: 'other' };

// What git, libcurl and ssh print under LC_ALL=C.UTF-8. Nothing but the wording tells them apart: the exit status is 128.
const AUTHENTICATION =
  /Authentication failed|could not read (Username|Password)|Permission denied \(|Load key "|returned error: 40[13]/;
const NO_REPOSITORY =
  /does not appear to be a git repository|[Rr]epository ('.*' )?not found|returned error: 404|not a git repository/;
// Objects that no git writes and `fetch.fsckObjects` lets no one smuggle in, such as a tree with an entry called "..".
const MALFORMED = /fsck error in packed object/;
// SIGXFSZ: the kernel's limit for the size of a file was reached.
const TOO_LARGE = /died of signal 25|File too large|File size limit exceeded/;
const OFFLINE =
  /Could ?n[o']t (resolve|connect)|Could not resolve|Failed to connect|Connection (refused|timed out|reset|closed)|Operation too slow|Network is unreachable|No route to host|timed out|not responding|returned error: (429|5\d\d)|early EOF|hung up unexpectedly|unexpected disconnect|transfer closed|Empty reply|RPC failed/;

/** Tells from git's own words why a command that spoke to a remote failed. `task` finishes the sentence "could not …". */
export function remoteFailure(access: RemoteAccess, task: string, result: RunResult): RemoteFailure {
  if (result.end === 'timed-out') return { kind: 'offline' };
  // What the other side says of itself proves nothing.
  const stderr = result.stderr.replaceAll(/^remote:.*$/gm, '');
  const message = `could not ${task} of ${access.remote.url}: ${gitWords(result)}`;
  const server = serverFault(access, stderr, `could not ${task} of ${access.remote.url}`);
  if (server !== undefined) return { kind: 'person', fault: server };
  if (AUTHENTICATION.test(stderr))
    return { kind: 'person', fault: authenticationFault(access.remote, message) };
  if (TOO_LARGE.test(stderr)) return { kind: 'person', fault: tooLarge(access, task) };
  if (NO_REPOSITORY.test(stderr)) return { kind: 'no-repository' };
  return OFFLINE.test(stderr) ? { kind: 'offline' } : { kind: 'other' };
}

/** The error for a read that failed. */
export function fetchFault(access: RemoteAccess, task: string, result: RunResult): Stalled | Transient {
  const failure = remoteFailure(access, task, result);
  if (failure.kind === 'person') return new Stalled(failure.fault);
  const message = `could not ${task} of ${access.remote.url}: ${gitWords(result)}`;
  if (MALFORMED.test(result.stderr)) {
    const next =
      'take that commit out of the branch: push --force what was there before it, and what is right on top';
    return new Transient({ reason: 'RevisionUnreadable', message, next });
  }
  return new Transient({ reason: 'FetchFailed', message, next: nextStep(access.remote, failure) });
}

function authenticationFault(remote: Remote, message: string): Fault {
  const next =
    remote.kind === 'ssh'
      ? 'check that the public half of keyFile may use the repository, and that keyFile has no passphrase'
      : 'check credentials (username, passwordFile) in the host settings and what the token may do';
  return { reason: 'AuthenticationFailed', message, next };
}

function tooLarge({ remote }: RemoteAccess, task: string): Fault {
  return {
    reason: 'FetchTooLarge',
    message: `could not ${task} of ${remote.url}: it brings more than fetchLimit takes, and was stopped`,
    next: 'take the large files out of its history, or raise repository.fetchLimit in the host settings',
  };
}

function nextStep(remote: Remote, failure: RemoteFailure): string {
  if (failure.kind === 'no-repository')
    return 'check repository.url in the host settings, and that the repository exists';
  if (remote.kind === 'path') return `check the folder: git -C ${shellWord(remote.path)} log`;
  return 'nothing to do if the remote is only away for a while: anchord asks again by itself';
}
