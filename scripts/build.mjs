// Builds dist/ from nothing, so that a deleted source file leaves no stale output behind.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(`${root}/dist`, { recursive: true, force: true });
const tsc = spawnSync(process.execPath, [`${root}/node_modules/typescript/bin/tsc`, '-b'], { cwd: root, stdio: 'inherit' });
if (existsSync(`${root}/dist/daemon/main.js`)) chmodSync(`${root}/dist/daemon/main.js`, 0o755);
process.exitCode = tsc.status ?? 1;
