import { Stalled } from '../errors.ts';
import { acquireLock } from './file-lock.ts';

/**
 * Takes a state directory for this process alone, and gives what lets go of it. Throws `Stalled` when another process
 * has it.
 */
export async function lockStateDir(state: {
  readonly dir: string;
  readonly lock: string;
}): Promise<() => Promise<void>> {
  const lock = await acquireLock({ file: state.lock, mode: 'exclusive' });
  if (lock.kind === 'held') return lock.release;
  const holder = lock.holder === undefined ? '' : ` (process ${lock.holder.pid})`;
  throw new Stalled({
    reason: 'LockHeld',
    message: `another anchord${holder} has the state directory ${state.dir}`,
    next: 'stop it first, or ask it: anchord status',
  });
}
