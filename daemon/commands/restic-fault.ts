import type { Fault } from '../errors.ts';
import type { RunResult } from '../process/run.ts';
import { shellWord } from '../shell-word.ts';
import { remoteTrouble } from './remote-trouble.ts';

/** What a message about restic names. */
export interface ResticSubject {
  readonly policy: string;
  /** As the state repo names it. */
  readonly repository: string;
}

/** Who holds a restic lock, as restic prints it. */
export interface LockOwner {
  readonly pid: number;
  readonly host: string;
}

/**
 * Why a call of restic that did not succeed failed. restic 0.17 and later tell some causes apart by exit code
 * (10 no repository, 11 locked, 12 wrong password); older ones say 1 and only their words differ. Pure.
 */
export function resticFault(result: RunResult, subject: ResticSubject): Fault {
  const { repository, policy } = subject;
  switch (result.end) {
    case 'not-found':
      return missing();
    case 'stopped':
      return { reason: 'Cancelled', message: `restic was stopped while it worked on ${repository}` };
    case 'timed-out':
      return {
        reason: 'TimedOut',
        message: `restic took longer than the timeout of ${policy}`,
        next: `raise timeout: of ${policy}, or look at what is slow`,
      };
    case 'signalled':
      return {
        reason: 'ProgramFailed',
        message: `restic was ended by ${result.signal ?? 'a signal'} that anchord did not send`,
        next: 'look for "Out of memory" in the kernel log: journalctl -k',
      };
    case 'exited':
      return exitFault(result, subject);
  }
}

/** Whether a call failed because somebody else has the repository locked. Pure. */
export function isLocked(result: RunResult): boolean {
  return (
    result.end === 'exited' &&
    (result.code === 11 || (result.code !== 0 && /repository is already locked/.test(result.stderr)))
  );
}

/** Who holds the lock that restic stumbled over, when it says so. Pure. */
export function lockOwner(stderr: string): LockOwner | undefined {
  const match = /already locked(?: exclusively)? by PID (\d+) on (.+?) by /.exec(stderr);
  return match?.[1] === undefined || match[2] === undefined
    ? undefined
    : { pid: Number(match[1]), host: match[2] };
}

function exitFault(result: RunResult, subject: ResticSubject): Fault {
  const { stderr, code } = result;
  const { repository, policy } = subject;
  if (code === 10) return noRepository(subject);
  if (isLocked(result)) return locked(stderr, repository);
  if (code === 12 || /wrong password or no key found/.test(stderr)) {
    return {
      reason: 'WrongPassword',
      message: `the password of ${policy} does not open the repository ${repository}`,
      next: 'check the secret that the policy names; a repository keeps the password it was made with',
    };
  }
  const trouble = remoteFault(result, subject);
  if (trouble !== undefined) return trouble;
  if (/unable to open config file|repository does not exist/.test(stderr)) return noRepository(subject);
  if (/no space left on device/i.test(stderr)) {
    return {
      reason: 'NoSpace',
      message: `the disk of ${repository} is full`,
      next: `free space there, or keep fewer snapshots`,
    };
  }
  // nice and ionice say this of a program they cannot find.
  if (code === 127) return missing();
  return {
    reason: 'ProgramFailed',
    message: `restic ended with ${code ?? 'no status'}: ${lastWords(result)}`,
    next: `mend that, then: anchord policy run ${policy}`,
  };
}

function noRepository({ repository, policy }: ResticSubject): Fault {
  const remedy = repository.startsWith('/') ? 'if its disk is away, bring it back; for' : 'for';
  return {
    reason: 'RepositoryMissing',
    message: `there is no restic repository at ${repository}`,
    next: `${remedy} a new one: anchord policy init ${policy}`,
  };
}

/** Only of a repository on a remote: on a disk the same words mean something else. */
function remoteFault(result: RunResult, { repository, policy }: ResticSubject): Fault | undefined {
  if (repository.startsWith('/')) return undefined;
  const place = repository.slice(repository.indexOf(':') + 1);
  const trouble = remoteTrouble(wordsOf(result.stderr), { policy, place });
  return trouble === undefined
    ? undefined
    : { ...trouble, message: `${trouble.message}: ${lastWords(result)}` };
}

/** What keeps restic from a repository is that it is not there, or else something on the way to it. */
function wordsOf(stderr: string): string {
  const isAway = /unable to open config file/.test(stderr) && !/config\S* does not exist/.test(stderr);
  return isAway ? `${stderr}\nconnection refused` : stderr;
}

function locked(stderr: string, repository: string): Fault {
  const owner = lockOwner(stderr);
  const by = owner === undefined ? '' : ` by process ${owner.pid} on ${owner.host}`;
  return {
    reason: 'RepositoryLocked',
    message: `the repository ${repository} is locked${by}`,
    next: `wait for it to end; if nothing there uses the repository any more: restic -r ${shellWord(repository)} unlock`,
  };
}

function missing(): Fault {
  return {
    reason: 'ProgramMissing',
    message: 'the program restic is not installed',
    next: 'apt install restic',
  };
}

function lastWords({ stderr, said = stderr }: RunResult): string {
  const lines = said.split('\n').map(plain);
  return (
    lines
      .filter((line) => line !== '')
      .slice(-3)
      .join('; ')
      .slice(0, 500) || 'it said nothing'
  );
}

/** restic 0.18 says its last word as JSON. */
function plain(line: string): string {
  const message = /^\{"message_type":"exit_error",.*"message":"((?:[^"\\]|\\.)*)"\}$/.exec(line)?.[1];
  return (message ?? line).replace(/^Fatal: /, '').trim();
}
