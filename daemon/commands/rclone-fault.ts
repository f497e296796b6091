import type { Fault } from '../errors.ts';
import type { RunResult } from '../process/run.ts';
import { parseRcloneLog } from './rclone-log.ts';
import { remoteTrouble, type RemoteSubject } from './remote-trouble.ts';

const DIRECTORY_NOT_FOUND = 3;

/**
 * Why a call of rclone that did not succeed failed: by exit code where rclone has one for it, else by its words. The
 * message quotes rclone, without the secrets that it was given. Pure.
 */
export function rcloneFault(result: RunResult, subject: RemoteSubject): Fault {
  const { policy, place } = subject;
  switch (result.end) {
    case 'not-found':
      return missing();
    case 'stopped':
      return { reason: 'Cancelled', message: `rclone was stopped while it worked on ${place}` };
    case 'timed-out':
      return {
        reason: 'TimedOut',
        message: `rclone took longer than the timeout of ${policy}`,
        next: `raise timeout: of ${policy}, or look at what is slow`,
      };
    case 'signalled':
      return {
        reason: 'ProgramFailed',
        message: `rclone was ended by ${result.signal ?? 'a signal'} that anchord did not send`,
        next: 'look for "Out of memory" in the kernel log: journalctl -k',
      };
    case 'exited':
      return exitFault(result, subject);
  }
}

function exitFault({ code, stderr, said: told = stderr }: RunResult, subject: RemoteSubject): Fault {
  // nice and ionice say this of a program they cannot find.
  if (code === 127) return missing();
  const words = code === DIRECTORY_NOT_FOUND ? `directory not found\n${stderr}` : stderr;
  const said = lastWords(told);
  const trouble = remoteTrouble(words, subject);
  if (trouble !== undefined) return { ...trouble, message: `${trouble.message}: ${said}` };
  return {
    reason: 'ProgramFailed',
    message: `rclone ended with ${code ?? 'no status'} on ${subject.place}: ${said}`,
    next: `mend that, then: anchord policy run ${subject.policy}`,
  };
}

function missing(): Fault {
  return {
    reason: 'ProgramMissing',
    message: 'the program rclone is not installed',
    next: 'apt install rclone',
  };
}

function lastWords(stderr: string): string {
  const lines = stderr.split('\n').map(plain);
  return (
    lines
      .filter((line) => line !== '')
      .slice(-2)
      .join('; ')
      .slice(0, 500) || 'it said nothing'
  );
}

/** Without the date that the last word of rclone 1.60 begins with. */
function plain(line: string): string {
  const entry = parseRcloneLog(line);
  switch (entry.kind) {
    case 'stats':
      return '';
    case 'message':
      return entry.object === undefined || entry.object === ''
        ? entry.message
        : `${entry.object}: ${entry.message}`;
    case 'text':
      return entry.text.replace(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /, '').trim();
  }
}
