import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { soon } from '../rig/soon.ts';
import { backupPolicy, initialised, PASSWORD, policyRig, type PolicyRig } from './policy-rig.ts';

// One repository and one engine for all: each test sets what the hook does.
const POLICIES = { local: backupPolicy({ freeze: 'db' }), other: backupPolicy({ freeze: 'nobody' }) };
const rig = await policyRig({
  policies: POLICIES,
  hooks: (folder) => ({ db: { before: [join(folder, 'before'), 'a b'], after: [join(folder, 'after')] } }),
});
await initialised(rig);
after(() => rig[Symbol.asyncDispose]());

test('before and after run around the backup, with an environment of four words and without a shell', async () => {
  await hooks({
    before: `env > "$HERE/env"; echo "$1" > ${join(rig.root, 'flux/dump')}`,
    after: `rm ${join(rig.root, 'flux/dump')}`,
  });

  const run = await rig.runToEnd('local');

  assert.deepEqual([run.outcome, run.reason, run.files], ['ok', undefined, 2], run.message);
  assert.equal(await rig.restic('/space/repo', 'dump', 'latest', join(rig.root, 'flux/dump')), 'a b\n');
  assert.deepEqual(await calls(), ['before', 'after']);
  const names = (await readFile(join(rig.folder, 'env'), 'utf8')).match(/^\w+(?==)/gm)?.toSorted();
  assert.deepEqual(
    names?.filter((name) => !['PWD', 'SHLVL', '_', 'OLDPWD', 'HERE'].includes(name)),
    ['ANCHORD_HOOK', 'ANCHORD_POLICY', 'LC_ALL', 'PATH'],
  );
});

test('when before fails there is no backup, after runs all the same, and what it said is told without secrets', async () => {
  await hooks({ before: `echo "no database: ${PASSWORD}" >&2; exit 3`, after: 'true' });
  const before = (await rig.store.runs({ policy: 'local' })).length;

  const run = await rig.runToEnd('local');

  assert.deepEqual([run.outcome, run.reason, run.snapshot], ['failed', 'FreezeFailed', undefined]);
  assert.match(run.message ?? '', /before of the freeze hook db \(.*\) ended with 3: no database: \*\*\*/);
  assert.deepEqual(await calls(), ['before', 'after']);
  assert.equal((await rig.store.runs({ policy: 'local' })).length, before + 1);
});

test('when after fails the backup is good, it is told, and after runs again before the next one', async () => {
  await hooks({ before: 'true', after: 'exit 1' });
  const first = await rig.runToEnd('local');
  await hooks({ before: 'true', after: 'true' });
  const second = await rig.runToEnd('local');

  assert.deepEqual([first.outcome, first.reason], ['ok', 'FreezeFailed']);
  assert.match(first.message ?? '', /may still stand still: after of the freeze hook db/);
  assert.deepEqual([second.outcome, second.reason], ['ok', undefined]);
  assert.deepEqual(await calls(), ['after', 'before', 'after']);
});

test('a run that is stopped while before runs thaws, and has made nothing', async () => {
  await hooks({ before: 'touch "$HERE/began"; sleep 600', after: 'true' });
  const started = await rig.engine.runNow('local');
  assert.ok(started.kind === 'started');
  await soon(() => existsSync(join(rig.folder, 'began')), 'the hook runs');

  rig.engine.cancel('local');
  const run = await started.ended;

  assert.deepEqual([run.outcome, run.reason, run.snapshot], ['cancelled', 'Cancelled', undefined]);
  assert.deepEqual(await calls(), ['before', 'after']);
});

test('what a killed anchord left frozen is thawed by the next start', async () => {
  await hooks({ before: 'true', after: 'true' });
  await rig.store.beginRun({
    id: 'x',
    policy: 'local',
    trigger: 'person',
    startedAt: '2026-11-21T11:59:00Z',
  });
  await rig.store.saveFact('policy.freeze.local', JSON.stringify({ hook: 'db', at: '2026-11-21T11:59:01Z' }));

  await rig.engine.start();

  assert.deepEqual(await calls(), ['after']);
  assert.equal(await rig.store.fact('policy.freeze.local'), undefined);
  const [run] = await rig.store.runs({ policy: 'local', limit: 1 });
  assert.deepEqual([run?.id, run?.reason], ['x', 'Interrupted']);
});

test('a hook that the host settings do not have makes its policy wait', async () => {
  const result = await rig.engine.runNow('other');

  assert.equal(result.kind === 'refused' && result.fault.reason, 'FreezeFailed');
  assert.match(
    result.kind === 'refused' ? `${result.fault.message}` : '',
    /nobody is not in the host settings/,
  );
});

/** Writes both programs anew; each tells that it was called. */
async function hooks(scripts: Readonly<Record<'before' | 'after', string>>): Promise<void> {
  await rm(join(rig.folder, 'calls'), { force: true });
  for (const [name, script] of Object.entries(scripts)) await hook(rig, name, script);
}

async function hook({ folder }: PolicyRig, name: string, script: string): Promise<void> {
  const text = `#!/bin/sh\nHERE='${folder}'; echo ${name} >> "$HERE/calls"\n${script}\n`;
  await writeFile(join(folder, name), text);
  await chmod(join(folder, name), 0o755);
}

async function calls(): Promise<readonly string[]> {
  return (await readFile(join(rig.folder, 'calls'), 'utf8')).trim().split('\n');
}
