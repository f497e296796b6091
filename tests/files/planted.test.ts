import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';
import { FileService } from '../../daemon/files/file-service.ts';
import type { FileSeen, FileWant } from '../../daemon/files/file-wants.ts';
import { asRoot } from './privileges.ts';
import { snapshot } from './snapshot.ts';
import { directory, link, VolumeRig } from './volume-rig.ts';

const wants: readonly FileWant[] = [
  directory('/flux/a', { mode: 0o755 }),
  directory('/flux/a/b', { mode: 0o755 }),
  link('/flux/a/b/l', 'x'),
];

test('a link planted where a directory should be is found and left alone', async () => {
  await using rig = await VolumeRig.make();
  symlinkSync(rig.outside, rig.at('/flux/a'));
  const before = [snapshot(rig.root), snapshot(rig.outside)];

  const findings = rig.observe(wants);
  const results = rig.putRight(wants);

  const blocked: FileSeen = { kind: 'blocked', block: { why: 'link-in-path', at: '/flux/a' } };
  const seen = [{ kind: 'link', target: rig.outside }, blocked, blocked];
  assert.deepEqual(
    findings.map((finding) => finding.seen),
    seen,
  );
  assert.deepEqual(
    results.map((result) => result.kind === 'failed' && result.seen),
    seen,
  );
  assert.deepEqual([snapshot(rig.root), snapshot(rig.outside)], before);
});

test('a parent that becomes a link between looking and mending leads nowhere', async () => {
  await using rig = await VolumeRig.make();
  rig.makeDirectory('/flux/a', 0o700);
  const before = snapshot(rig.outside);

  const findings = rig.observe(wants);
  renameSync(rig.at('/flux/a'), rig.at('/flux/away'));
  symlinkSync(rig.outside, rig.at('/flux/a'));
  const results = rig.putRight(
    wants,
    findings.map((finding) => finding.id),
  );

  assert.equal(findings.length, 3);
  assert.deepEqual(
    results.map((result) => result.kind === 'failed' && result.seen),
    [
      { kind: 'link', target: rig.outside },
      { kind: 'blocked', block: { why: 'link-in-path', at: '/flux/a' } },
      { kind: 'blocked', block: { why: 'link-in-path', at: '/flux/a' } },
    ],
  );
  assert.deepEqual(snapshot(rig.outside), before);
  assert.equal(rig.mode('/flux/away'), 0o700);
});

test('a link to a directory of the same volume is no directory either', async () => {
  await using rig = await VolumeRig.make();
  rig.makeDirectory('/flux/other', 0o700);
  symlinkSync('other', rig.at('/flux/a'));

  rig.putRight(wants);

  assert.equal(rig.mode('/flux/other'), 0o700);
});

test('a link in the place of a volume or of the folder above it makes the volume lost', async () => {
  for (const planted of ['/srv', '/srv/flux']) {
    await using rig = await VolumeRig.make();
    mkdirSync(rig.at('/srv/flux'), { recursive: true });
    const ground = rig.ground('/srv/flux');
    await using files = new FileService(rig.root);
    const want = { ...directory('/srv/flux/a'), mount: '/srv/flux' };
    await files.ask({ kind: 'declare', wants: [want] });
    mkdirSync(`${rig.outside}/flux`);
    rmSync(rig.at(planted), { recursive: true });
    symlinkSync(planted === '/srv' ? rig.outside : `${rig.outside}/flux`, rig.at(planted));
    const before = snapshot(rig.outside);

    const answer = await files.ask({ kind: 'put-right', grounds: [ground], ids: [want.id] });

    assert.deepEqual(answer, { findings: [], results: [], lost: ['/srv/flux'] });
    assert.deepEqual(snapshot(rig.outside), before);
  }
});

test(
  'a file, a pipe, a socket or a device in the way is named, never opened and never removed',
  asRoot,
  async () => {
    for (const [what, plant] of Object.entries(plants)) {
      await using rig = await VolumeRig.make();
      const server = await plant(rig.at('/flux/a'));
      const before = snapshot(rig.root);

      const findings = rig.observe(wants);
      const results = rig.putRight(wants);

      const seen = { kind: 'other', what: what === 'file' ? 'file' : 'special file' };
      const below = { kind: 'blocked', block: { why: 'not-a-directory', at: '/flux/a' } };
      assert.deepEqual(
        findings.map((finding) => finding.seen),
        [seen, below, below],
        what,
      );
      assert.deepEqual(
        results.map((result) => result.kind === 'failed' && result.seen),
        [seen, below, below],
        what,
      );
      assert.deepEqual(snapshot(rig.root), before, what);
      server?.close();
    }
  },
);

const plants: Readonly<Record<string, (path: string) => Promise<Server | undefined>>> = {
  file: async (path) => {
    writeFileSync(path, 'data');
    return undefined;
  },
  pipe: async (path) => {
    assert.equal(spawnSync('mkfifo', [path]).status, 0);
    return undefined;
  },
  device: async (path) => {
    assert.equal(spawnSync('mknod', [path, 'c', '1', '3']).status, 0);
    return undefined;
  },
  socket: async (path) => {
    const server = createServer().listen(path);
    await once(server, 'listening');
    return server;
  },
};
