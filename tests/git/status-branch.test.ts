import assert from 'node:assert/strict';
import { chmod, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { halve } from './damage.ts';
import { GitRig } from './git-rig.ts';
import { HttpGitServer } from './http-git-server.ts';
import { statusOf as status } from './status-of.ts';
import { PATIENCE_MS } from '../rig/patience.ts';

const REF = 'refs/heads/anchord-status/motoko';

async function tree(rig: GitRig, upstream: string): Promise<readonly string[]> {
  return (await rig.git(['-C', upstream, 'ls-tree', '-r', '--name-only', REF])).split('\n');
}

async function count(rig: GitRig, upstream: string): Promise<number> {
  return Number(await rig.git(['-C', upstream, 'rev-list', '--count', REF]));
}

test('the first status starts the branch with exactly its files, an author, a time and trailers', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('with space.git');
  const branch = await rig.openStatus(upstream, 'status', { writer: 'the-test' });
  const bytes = new Uint8Array([0, 255, 10, 13]);

  const result = await branch.publish(
    status({ 'status.json': '{}\n', 'assets/a "b" \\c.js': bytes, empty: '' }),
  );

  assert.equal(result.kind, 'published');
  assert.equal(await rig.git(['-C', upstream, 'rev-parse', REF]), result.commit);
  assert.equal(
    await rig.git(['-C', upstream, 'log', '--format=%an|%ae|%cn|%ad|%B', '--date=iso-strict', REF]),
    'anchord|anchord@motoko|anchord|2026-11-21T03:00:00+00:00|motoko: run ok\n\nConfig-Commit: c0ffee\nResult: ok\nWriter: the-test',
  );
  assert.equal(
    await rig.git(['-C', upstream, 'ls-tree', '-r', '-z', '--name-only', REF]),
    'assets/a "b" \\c.js\0empty\0status.json\0',
  );
  assert.equal(await rig.git(['-C', upstream, 'cat-file', '-s', `${REF}:assets/a "b" \\c.js`]), '4');
  assert.equal(await rig.git(['-C', upstream, 'fsck', '--strict']), '');
});

test('a status that says the same makes no commit', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  const branch = await rig.openStatus(upstream);
  const first = await branch.publish(status({ a: '1' }));

  const second = await branch.publish({ ...status({ a: '1' }), subject: 'other words' });
  const reopened = await (await rig.openStatus(upstream, 'another')).publish(status({ a: '1' }));

  assert.deepEqual(second, { kind: 'unchanged', commit: first.commit });
  assert.deepEqual(reopened, { kind: 'unchanged', commit: first.commit });
  assert.equal(await count(rig, upstream), 1);
});

test('what is no longer part of the status, or never was, leaves the tree and stays in history', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  const branch = await rig.openStatus(upstream);
  await branch.publish(status({ a: '1', 'old/b': '1' }));
  const foreign = await rig.commit(upstream, { 'by-hand': 'x' }, { branch: 'anchord-status/motoko' });

  const { commit } = await branch.publish(status({ a: '2' }));

  assert.deepEqual(await tree(rig, upstream), ['a']);
  assert.equal(await rig.git(['-C', upstream, 'rev-parse', `${commit}^`]), foreign);
  assert.equal(await count(rig, upstream), 3);
});

test('a branch that was deleted or rewritten is gone on with as it is', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  const branch = await rig.openStatus(upstream);
  await branch.publish(status({ a: '1' }));

  await rig.git(['-C', upstream, 'update-ref', '-d', REF]);
  assert.equal((await branch.publish(status({ a: '1' }))).kind, 'published');
  assert.equal(await count(rig, upstream), 1);
  const other = await rig.commit(upstream, { z: '1' }, { branch: 'anchord-status/motoko', parent: null });
  const { commit } = await branch.publish(status({ a: '2' }));
  assert.equal(await rig.git(['-C', upstream, 'rev-parse', `${commit}^`]), other);
});

test('three pushes at once all land, one on top of the other', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  const writers = await Promise.all(
    ['one', 'two', 'three'].map((name) => rig.openStatus(upstream, name, { writer: 'one' })),
  );

  const results = await Promise.all(
    writers.map(async (writer, number) => {
      const mine = [];
      for (let round = 0; round < 3; round += 1)
        mine.push(await writer.publish(status({ who: `${number} ${round}` })));
      return mine;
    }),
  );

  const history = (await rig.git(['-C', upstream, 'rev-list', REF])).split('\n');
  assert.equal(history.length, 9);
  for (const { kind, commit } of results.flat()) {
    assert.equal(kind, 'published');
    assert.ok(history.includes(commit));
  }
});

test('a push that a hook of the remote refuses says what the remote said', async () => {
  await using rig = await GitRig.make();
  await rig.init('up.git');
  const hook = await rig.write(
    'up.git/hooks/pre-receive',
    '#!/bin/sh\necho "status belongs elsewhere" >&2\nexit 1\n',
  );
  await chmod(hook, 0o755);
  await using server = await HttpGitServer.start(rig.dir);
  const branch = await rig.openStatus(server.url('up.git'));

  await assert.rejects(branch.publish(status({ a: '1' })), {
    name: 'Transient',
    reason: 'PublishFailed',
    message: /pre-receive hook declined.*status belongs elsewhere/,
  });
  await rm(hook);
  assert.equal((await branch.publish(status({ a: '1' }))).kind, 'published');
});

test('a push that is not permitted is a fault of the credentials', async () => {
  await using rig = await GitRig.make();
  await rig.init('up.git');
  await using server = await HttpGitServer.start(rig.dir);
  const branch = await rig.openStatus(server.url('up.git'));
  server.fault = { kind: 'status', status: 403 };

  await assert.rejects(branch.publish(status({ a: '1' })), {
    name: 'Stalled',
    reason: 'AuthenticationFailed',
  });
});

test('a remote that is away is offline, and the status lands when it is back', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  const branch = await rig.openStatus(upstream);
  await branch.publish(status({ a: '1' }));
  const server = await HttpGitServer.start(rig.dir);
  const overHttp = await rig.openStatus(server.url('up.git'), 'http');
  await server[Symbol.asyncDispose]();
  await rename(upstream, rig.path('away'));

  await assert.rejects(branch.publish(status({ a: '2' })), { name: 'Transient', reason: 'Offline' });
  await assert.rejects(overHttp.publish(status({ a: '2' })), { name: 'Transient', reason: 'Offline' });
  await rename(rig.path('away'), upstream);

  assert.equal((await branch.publish(status({ a: '2' }))).kind, 'published');
  assert.equal(await count(rig, upstream), 2);
});

test('a server that fails in the middle of a push is offline, and the next try goes through', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  await using server = await HttpGitServer.start(rig.dir);
  const branch = await rig.openStatus(server.url('up.git'));
  await branch.publish(status({ a: '1' }));
  server.fault = { kind: 'status', status: 500 };

  await assert.rejects(branch.publish(status({ a: '2' })), { name: 'Transient', reason: 'Offline' });
  server.fault = undefined;

  assert.equal((await branch.publish(status({ a: '2' }))).kind, 'published');
  assert.equal(await count(rig, upstream), 2);
});

for (const name of ['anchord-status', 'anchord-status/motoko/old']) {
  test(`a branch ${name} is in the way, and the fault says how to get rid of it`, async () => {
    await using rig = await GitRig.make();
    const upstream = await rig.init('up.git');
    await rig.commit(upstream, { a: '1' }, { branch: name });
    const branch = await rig.openStatus(upstream);

    const fault = await branch.publish(status({ a: '1' })).catch((error: unknown) => error);

    assert.ok(fault instanceof Error && 'next' in fault && 'reason' in fault);
    assert.equal(fault.reason, 'BranchTaken');
    const mend = /git push (\S+) (:\S+)$/.exec(String(fault.next));
    await rig.git(['-C', upstream, 'push', '--quiet', mend?.[1] ?? '', mend?.[2] ?? '']);
    assert.equal((await branch.publish(status({ a: '1' }))).kind, 'published');
  });
}

const DAMAGES: Readonly<Record<string, (repository: string) => Promise<void>>> = {
  'with a missing HEAD': (repository) => rm(`${repository}/HEAD`),
  'with a torn config': (repository) => writeFile(`${repository}/config`, '[co'),
  'that vanished': (repository) => rm(repository, { recursive: true }),
  'with an emptied ref': (repository) => writeFile(`${repository}/refs/anchord/next`, ''),
  'with torn objects': async (repository) => {
    const objects = await readdir(`${repository}/objects`, { recursive: true, withFileTypes: true });
    for (const object of objects) if (object.isFile()) await halve(`${object.parentPath}/${object.name}`);
  },
  'with a torn ref': (repository) => writeFile(`${repository}/refs/anchord/next`, '3f7a'),
  'with torn packed refs': (repository) => writeFile(`${repository}/packed-refs`, '# pack-refs with:\n12ab'),
  'with halves of packs and a lock of its refs left behind': async (repository) => {
    for (const name of ['objects/pack/tmp_pack_x1Y2z3', 'objects/pack/tmp_idx_x1Y2z3', 'packed-refs.lock'])
      await writeFile(`${repository}/${name}`, '');
  },
  'with a lock left behind': (repository) => writeFile(`${repository}/refs/anchord/next.lock`, ''),
};

for (const [damage, inflict] of Object.entries(DAMAGES)) {
  test(`a repository ${damage} is made anew, and the branch goes on`, async () => {
    await using rig = await GitRig.make();
    const upstream = await rig.init('up.git');
    const branch = await rig.openStatus(upstream);
    const first = await branch.publish(status({ a: '1', b: 'same' }));
    await inflict(rig.path('state/status.git'));

    const second = await branch.publish(status({ a: '2', b: 'same' }));

    assert.equal(second.kind, 'published');
    assert.equal(await rig.git(['-C', upstream, 'rev-parse', `${second.commit}^`]), first.commit);
    assert.equal(await rig.git(['-C', upstream, 'fsck', '--strict']), '');
  });
}

test('a path or a trailer that cannot be in a commit is refused before anything is written', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  const branch = await rig.openStatus(upstream);

  for (const path of ['', '/a', 'a//b', '../a', 'a/.git/b', 'a\nb', '.GIT']) {
    await assert.rejects(branch.publish(status({ [path]: '1' })), /cannot be a path on the status branch/);
  }
  await assert.rejects(
    branch.publish({ ...status({ a: '1' }), trailers: new Map([['Bad Key', 'x']]) }),
    /cannot be the key of a trailer/,
  );
  const { commit } = await branch.publish({
    ...status({ a: '1' }),
    trailers: new Map([['Result', 'ok\n\nRun-Id: forged']]),
  });
  assert.match(
    await rig.git(['-C', upstream, 'log', '-1', '--format=%B', commit]),
    /\nResult: ok Run-Id: forged\nWriter: \S+$/,
  );
});

test('sixty commits leave neither loose objects nor packs in heaps', { timeout: PATIENCE_MS }, async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  const branch = await rig.openStatus(upstream);

  for (let number = 0; number < 60; number += 1) {
    const files = Object.fromEntries(
      Array.from({ length: 20 }, (_, file) => [`d${file}/f`, `${number} ${file}`]),
    );
    await branch.publish(status(files));
  }

  const objects = await readdir(rig.path('state/status.git/objects'), { recursive: true });
  assert.ok(objects.length < 2_000, `${objects.length} files`);
  assert.equal(await count(rig, upstream), 60);
});
