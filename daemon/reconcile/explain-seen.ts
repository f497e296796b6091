import type { Reason } from '../../state-schema/generated/status.ts';
import { faultText } from '../fault-text.ts';
import type { Block, FileSeen } from '../files/file-wants.ts';
import type { DesiredResource } from '../resources/desired.ts';

/** Why a resource cannot be made right. */
export interface Explanation {
  readonly state: 'failed' | 'waiting';
  readonly reason: Reason;
  readonly message: string;
}

/**
 * What stands in the way of a file resource, in words with a next step; undefined when nothing does.
 * anchord never removes what it did not make, so a person has to.
 */
export function explainSeen(
  resource: Pick<DesiredResource, 'id' | 'kind'>,
  seen: FileSeen,
  wanted: ReadonlyMap<string, unknown>,
): Explanation | undefined {
  const path = resource.id.slice(resource.id.indexOf(':') + 1);
  switch (seen.kind) {
    case 'absent':
      return undefined;
    case 'directory':
      if (resource.kind !== 'link') return undefined;
      return failed(
        'NotALink',
        `a directory stands at ${path}, where a link should be`,
        'move it away and it is made',
      );
    case 'link':
      if (resource.kind === 'link') return undefined;
      return failed(
        'NotADirectory',
        `a symbolic link stands at ${path}, where a directory should be`,
        'remove the link and it is made',
      );
    case 'other': {
      const reason = resource.kind === 'link' ? 'NotALink' : 'NotADirectory';
      const kind = resource.kind === 'link' ? 'link' : 'directory';
      return failed(
        reason,
        `a ${seen.what} stands at ${path}, where a ${kind} should be`,
        'move it away and it is made',
      );
    }
    case 'blocked':
      return explainBlock(seen.block, path, wanted);
  }
}

function explainBlock(block: Block, path: string, wanted: ReadonlyMap<string, unknown>): Explanation {
  if (block.at !== path && wanted.has(`directory:${block.at}`)) {
    return {
      state: 'waiting',
      reason: 'DependencyFailed',
      message: faultText({ message: `waits for the directory ${block.at}` }),
    };
  }
  const what = block.at === path ? path : `${block.at} on the way to ${path}`;
  switch (block.why) {
    case 'link-in-path':
      return failed(
        'SymbolicLinkInPath',
        `${what} is a symbolic link, and anchord follows none`,
        'replace it with a directory',
      );
    case 'not-a-directory':
      return failed('NotADirectory', `${what} is not a directory`, 'move it away');
    case 'other-device':
      return failed(
        'WrongIdentity',
        `${what} is another file system, which no volume declares`,
        'declare it as a volume, or unmount it',
      );
    case 'error':
      return explainErrno(block.code ?? 'EIO', block.at);
  }
}

function explainErrno(code: string, at: string): Explanation {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return failed(
        'NotPermitted',
        `${at}: not permitted (${code})`,
        'anchord needs to own it, or to run as root',
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return failed('NoSpace', `${at}: no space left (${code})`, 'make room');
    case 'EROFS':
      return failed('ReadOnly', `${at}: the file system is read-only`, 'look for disk errors: dmesg');
    default:
      return failed('InputOutputError', `${at}: ${code}`, 'look at the disk: dmesg');
  }
}

function failed(reason: Reason, message: string, next: string): Explanation {
  return { state: 'failed', reason, message: faultText({ message, next }) };
}
