import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { filesBelow, isEntryPoint, root } from './repository.ts';
import { PATIENCE_MS } from '../rig/patience.ts';

// Node's own permission model refuses every write, child process and worker while the modules load.
const [major = 0] = process.versions.node.split('.').map(Number);
const PERMISSION = major >= 24 ? '--permission' : '--experimental-permission';

// After each import nothing may be left waiting: no timer, socket or watcher. What ends with `Req` is a file being read,
// by the module loader.
const IMPORT_ALL = `
  for (const file of process.argv.slice(1)) {
    await import(file).catch((error) => {
      throw new Error('importing ' + file + ' failed', { cause: error });
    });
    const waiting = process.getActiveResourcesInfo().filter((name) => !/^(PipeWrap|TTYWrap)$|Req/.test(name));
    if (waiting.length > 0) throw new Error(file + ' leaves behind: ' + waiting.join(', '));
  }
`;

test('importing every module of the daemon and the schema does nothing', () => {
  const modules = ['dist/state-schema', 'dist/daemon']
    .flatMap(filesBelow)
    .filter((path) => path.endsWith('.js') && !isEntryPoint(path))
    .map((path) => `file://${root}${path}`);
  assert.ok(modules.length > 0, 'nothing is built');

  const ended = spawnSync(
    process.execPath,
    [
      '--no-warnings',
      PERMISSION,
      '--allow-fs-read=*',
      ...(process.allowedNodeEnvironmentFlags.has('--allow-addons') ? ['--allow-addons'] : []),
      '--input-type=module',
      '--eval',
      IMPORT_ALL,
      ...modules,
    ],
    { env: {}, timeout: PATIENCE_MS, encoding: 'utf8' },
  );

  assert.deepEqual([ended.stdout, ended.stderr], ['', '']);
  assert.equal(ended.status, 0, `ended by ${ended.signal}: something keeps the process alive`);
});
