import type { Fault } from '../errors.ts';
import type { Suspect } from './suspects.ts';

/** Why nothing of a policy may be removed now: nobody has accepted its suspect snapshots. Pure. */
export function suspectFault(policy: string, open: readonly Suspect[]): Fault {
  const newest = open.at(-1);
  const id = newest?.snapshot.slice(0, 8) ?? '';
  const more = open.length > 1 ? ` and ${open.length - 1} before it` : '';
  return {
    reason: 'SnapshotSuspect',
    message: `nobody has accepted the suspect snapshot ${id} of ${newest?.at}${more}`,
    next: `see what they lack with anchord policy plan ${policy}; when that is right: anchord policy accept ${policy} ${id}`,
  };
}
