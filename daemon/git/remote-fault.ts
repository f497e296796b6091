import { Stalled, Transient, type Fault } from '../errors.ts';
import type { RunResult } from '../process/run.ts';
import type { Remote } from './remote.ts';
import { shellWord } from '../shell-word.ts';

const WORDS_LIMIT = 300;

/** Why a remote did not do what it was asked. */
export type RemoteFailure =
  /** It wants credentials, or does not let these do that. */
  | 'authentication'
  /** Nothing answers, or the answer broke off. */
  | 'offline'
  /** Something answers, and there is no repository at this address. */
  | 'no-repository'
  | 'other';

// What git, libcurl and ssh print under LC_ALL=C.UTF-8. Nothing but the wording tells them apart: the exit status is 128.
const AUTHENTICATION =
  /Authentication failed|could not read (Username|Password)|Permission denied \(|Host key verification failed|returned error: 40[13]/;
const NO_REPOSITORY =
  /does not appear to be a git repository|repository '.*' not found|returned error: 404|not a git repository/;
// Objects that no git writes and `fetch.fsckObjects` lets no one smuggle in, such as a tree with an entry called "..".
const MALFORMED = /fsck error in packed object/;
const OFFLINE =
  /Could ?n[o']t (resolve|connect)|Could not resolve|Failed to connect|Connection (refused|timed out|reset|closed)|Operation too slow|Network is unreachable|No route to host|timed out|returned error: 5\d\d|early EOF|hung up unexpectedly|unexpected disconnect|transfer closed|Empty reply|RPC failed/;

/** Tells from git's own words why a command that spoke to a remote failed. */
export function classifyRemoteFailure(result: RunResult): RemoteFailure {
  if (result.end === 'timed-out') return 'offline';
  if (AUTHENTICATION.test(result.stderr)) return 'authentication';
  if (NO_REPOSITORY.test(result.stderr)) return 'no-repository';
  return OFFLINE.test(result.stderr) ? 'offline' : 'other';
}

/** The error for a read that failed; `task` finishes the sentence "could not …". */
export function fetchFault(remote: Remote, task: string, result: RunResult): Stalled | Transient {
  const failure = classifyRemoteFailure(result);
  const message = `could not ${task} of ${remote.url}: ${gitWords(result)}`;
  if (failure === 'authentication') return new Stalled(authenticationFault(remote, message));
  if (MALFORMED.test(result.stderr)) {
    const next =
      'take that commit out of the branch: push --force what was there before it, and what is right on top';
    return new Transient({ reason: 'RevisionUnreadable', message, next });
  }
  return new Transient({ reason: 'FetchFailed', message, next: nextStep(remote, failure) });
}

/** The fault of a remote that wants other credentials. */
export function authenticationFault(remote: Remote, message: string): Fault {
  const next =
    remote.kind === 'ssh'
      ? 'check that this host’s key is known (ssh-keyscan) and that its own key may read the repository'
      : 'check credentials (username, passwordFile) in the host settings and what the token may do';
  return { reason: 'AuthenticationFailed', message, next };
}

/** What git said, in one line, without credentials and control characters. */
export function gitWords(result: RunResult): string {
  if (result.end === 'timed-out') return 'git did not end in time and was stopped';
  const lines = result.stderr
    .split('\n')
    .map(plainLine)
    .filter((line) => line !== '');
  const telling = lines.filter((line) => /^(remote|error|fatal|ssh|!):?|: not found$/i.test(line));
  const words = (telling.length > 0 ? telling : lines).join('; ');
  if (words === '') return `git said nothing and ended with ${result.code ?? result.signal ?? result.end}`;
  return words.length > WORDS_LIMIT ? `${words.slice(0, WORDS_LIMIT)}…` : words;
}

function nextStep(remote: Remote, failure: RemoteFailure): string {
  if (failure === 'no-repository')
    return 'check repository.url in the host settings, and that the repository exists';
  if (remote.kind === 'path') return `check the folder: git -C ${shellWord(remote.path)} log`;
  return 'nothing to do if the remote is only away for a while: anchord asks again by itself';
}

function plainLine(line: string): string {
  return line
    .replaceAll(/\p{Cc}/gu, ' ')
    .replaceAll(/(\w:\/\/)[^/\s@]*@/g, '$1')
    .trim();
}
