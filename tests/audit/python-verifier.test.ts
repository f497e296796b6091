import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { exportedFiles } from '../../daemon/audit/exported-files.ts';
import { EMPTY_CHAIN } from '../../daemon/audit/chain.ts';
import { root } from '../house-style/repository.ts';
import { AuditRig, fact } from './audit-rig.ts';

const DAY_MS = 24 * 60 * 60_000;

test('the verifier of the manual accepts a real chain, and none that was changed', async () => {
  await using rig = await AuditRig.make();
  const audit = await rig.open();
  for (const [day, name] of [
    [0, 'a'],
    [2, 'new\nline "é" \u0001\u007f\ud83d\ude00'],
    [1, '\\back'],
    [2, 'last'],
  ] as const) {
    rig.clock.time = Date.UTC(2026, 10, 21) + day * DAY_MS;
    audit.record(fact(name), { kind: 'command', facts: { list: [1, true, { b: '', a: -7 }] } });
    await audit.flush();
  }
  const { head, segments } = await audit.snapshot();
  const clone = join(rig.dir, 'clone');
  const script = join(rig.dir, 'verify.py');
  const manual = readFileSync(`${root}docs/audit.md`, 'utf8');
  writeFileSync(script, /```python\n([\s\S]*?)```/.exec(manual)?.[1] ?? '');
  const files = exportedFiles(segments, EMPTY_CHAIN);
  function put(changed: ReadonlyMap<string, Uint8Array | string>): void {
    for (const [path, content] of changed) {
      mkdirSync(dirname(join(clone, path)), { recursive: true });
      writeFileSync(join(clone, path), content);
    }
    writeFileSync(join(clone, 'status.json'), JSON.stringify({ audit: { seq: head.seq, head: head.hash } }));
  }

  put(files);
  const right = await python(script, clone);

  assert.deepEqual(right, { code: 0, stdout: `${head.seq} lines, head ${head.hash}\n`, stderr: '' });
  for (const [path, content] of files) {
    const text = Buffer.from(content).toString();
    for (const [from, to] of [
      ['guard.passed', 'guard.failed'],
      [/.*\n$/, ''],
      [/^(.*\n)(.*\n)/, '$2$1'],
      [/^(.*\n)/, '$1$1'],
      ['"facts":', '"facts": '],
    ] as const) {
      put(new Map([[path, text.replace(from, to)]]));
      const { code, stderr } = await python(script, clone);
      assert.equal(code, 1, `${path} ${String(from)}`);
      assert.match(stderr, /jsonl|status\.json/);
    }
    put(files);
  }
});

function python(
  ...args: readonly string[]
): Promise<{ readonly code: unknown; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      'python3',
      [...args],
      { env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' } },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
  });
}
