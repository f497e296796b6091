// `npm run bench -- [--json FILE] [NAME…]`: builds, then measures. A missed goal is a number to read, not a failure.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const build = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' });
if (build.status === 0) {
  const main = fileURLToPath(new URL('../dist/bench/main.js', import.meta.url));
  const bench = spawnSync(process.execPath, ['--enable-source-maps', main, ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  process.exitCode = bench.status ?? 1;
} else {
  process.exitCode = 1;
}
