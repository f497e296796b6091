// Keeps two scripts from installing or building at the same time.
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

const PATIENCE_MS = 3_000;

/**
 * Does `work` while holding a lock on the repository folder. The kernel holds it, on a descriptor of this
 * process: however this process ends, the lock ends with it, and no lock file is left. Without flock(1) (not on Linux) there is no lock.
 *
 * @template T
 * @param {string} root
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(root, work) {
  const file = openSync(root, 'r');
  try {
    await lock(file);
    return await work();
  } finally {
    closeSync(file);
  }
}

/**
 * @param {number} file
 * @returns {Promise<void>}
 */
function lock(file) {
  return new Promise((resolve, reject) => {
    const flock = spawn('flock', ['3'], { stdio: ['ignore', 'ignore', 'inherit', file] });
    const patience = setTimeout(
      () => console.error('anchord: waiting for another one that installs or builds'),
      PATIENCE_MS,
    );
    flock.once('error', (error) => {
      clearTimeout(patience);
      if ('code' in error && error.code === 'ENOENT') resolve();
      else reject(error);
    });
    flock.once('close', (code) => {
      clearTimeout(patience);
      if (code === 0) resolve();
      else reject(new Error(`flock ended with ${code}`));
    });
  });
}
