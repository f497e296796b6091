import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { openInodes } from '../../daemon/movers/tree/open-files.ts';

test('a file that a process has mapped and closed is in use', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'anchord-mapped-'));
  const file = join(folder, 'mapped');
  writeFileSync(file, 'x'.repeat(8192));
  const script = `import mmap, sys
f = open(sys.argv[1]); m = mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ); f.close()
print('ready', flush=True); sys.stdin.read()`;
  const child = spawn('python3', ['-c', script, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    await once(child.stdout, 'data');
    const { dev, ino } = statSync(file, { bigint: true });

    assert.equal(openInodes(dev).has(ino), true);
  } finally {
    const ended = once(child, 'exit');
    child.stdin.end();
    await ended;
    rmSync(folder, { recursive: true });
  }
});
