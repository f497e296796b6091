import type { Fault } from '../errors.ts';
import { lockHolders } from '../locks/lock-holders.ts';

/** Why no run of a policy can begin while its lock is held by what an anchord that ended has left running. */
export async function leftBehindFault(name: string, lockFile: string): Promise<Fault> {
  const [holder] = await lockHolders(lockFile);
  const what = holder === undefined ? 'a process' : `${holder.program} (process ${holder.pid})`;
  return {
    reason: 'LockHeld',
    message: `${what}, started for ${name} by an anchord that was killed, is still at work; no second one begins`,
    next: `let it end${holder === undefined ? '' : `, or stop it: kill -INT ${holder.pid}`}; the run is caught up then`,
  };
}
