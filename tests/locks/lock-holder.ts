// A process of its own for the lock tests: takes the lock it is told to, says how that went, and stays until it is killed.
import { acquireLock } from '../../daemon/locks/file-lock.ts';

const [file = '', mode] = process.argv.slice(2);
const result = await acquireLock({ file, mode: mode === 'shared' ? 'shared' : 'exclusive' });
process.stdout.write(`${result.kind}\n`);
setInterval(() => {}, 60_000);
