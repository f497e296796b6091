import assert from 'node:assert/strict';
import { test } from 'node:test';
import { desire } from '../../daemon/resources/desire.ts';
import { observeSchedules } from '../../daemon/resources/schedule.ts';
import type { Owners } from '../../daemon/resources/owners.ts';
import { backup, hostState } from '../reconcile/host-state.ts';

const owners: Owners = { kind: 'real', users: new Map([['mdt', 1000]]), groups: new Map([['mdt', 1001]]) };

test('resources come in the order of dependencies, parents before what lies in them', () => {
  const state = hostState({
    directories: { '/flux/b/c': {}, '/flux/a-b': {}, '/flux/b': {}, '/flux/a/b': {}, '/flux/a': {} },
    links: { '/flux/a/l': { target: '/x' } },
    policies: { p: backup('0 * * * *') },
  });

  const { resources } = desire(state, { root: '/', owners });

  assert.deepEqual(
    resources.map((resource) => resource.id),
    [
      'volume:flux',
      'directory:/flux/a',
      'directory:/flux/a-b',
      'directory:/flux/a/b',
      'directory:/flux/b',
      'directory:/flux/b/c',
      'link:/flux/a/l',
      'schedule:p',
    ],
  );
});

test('names become numbers and modes become bits', () => {
  const state = hostState({ directories: { '/flux/a': { owner: 'mdt', group: 'mdt', mode: '2775' } } });

  const { files } = desire(state, { root: '/', owners });

  assert.deepEqual(files[1], {
    kind: 'directory',
    id: 'directory:/flux/a',
    path: '/flux/a',
    mount: '/flux',
    uid: 1000,
    gid: 1001,
    mode: 0o2775,
  });
});

test('a volume’s top is root’s alone, unless the state declares it as a directory', () => {
  const top = { kind: 'directory', path: '/flux', mount: '/flux', mode: 0o755, uid: 0, gid: 0 };
  const declared = hostState({ directories: { '/flux': { mode: '0750' } } });

  assert.deepEqual(desire(hostState(), { root: '/', owners }).files, [{ ...top, id: 'volume:flux' }]);
  assert.deepEqual(
    desire(declared, { root: '/', owners }).files.map(({ id }) => id),
    ['directory:/flux'],
  );
});

test('what lies on a volume inside another one stands on the inner one', () => {
  const state = hostState({
    volumes: { flux: { mount: '/flux' }, deep: { mount: '/flux/deep' } },
    directories: { '/flux/deep/a': {}, '/flux/deeper': {} },
  });

  const { resources, files } = desire(state, { root: '/', owners });

  assert.deepEqual(
    resources.filter(({ kind }) => kind === 'directory').map(({ volume }) => volume),
    ['deep', 'flux'],
  );
  assert.equal(files.find(({ path }) => path === '/flux/deep/a')?.mount, '/flux/deep');
});

test('under a root that is a folder, a link leads into that folder; on a real root it is as declared', () => {
  const state = hostState({ links: { '/flux/in/models': { target: '/space/models' } } });
  function target(root: string): string | undefined {
    const want = desire(state, { root, owners }).files.find(({ kind }) => kind === 'link');
    return want?.kind === 'link' ? want.target : undefined;
  }

  assert.equal(target('/'), '/space/models');
  assert.equal(target('/srv/demo'), '../../space/models');
});

test('an owner nobody knows makes the directory impossible, and its want sets no owner', () => {
  const state = hostState({ directories: { '/flux/a': { owner: 'who', group: 'mdt' } } });

  const { resources, files } = desire(state, { root: '/', owners });

  assert.match(resources[1]?.impossible?.message ?? '', /user who/);
  assert.equal(files[1]?.kind === 'directory' && files[1].uid, undefined);
});

test('a digest changes with what is declared and with nothing else', () => {
  function digests(directory: { owner?: string; mode?: string }): readonly string[] {
    const state = hostState({ directories: { '/flux/a': directory } });
    return [owners, { kind: 'simulated' } as const].map(
      (known) => desire(state, { root: '/', owners: known }).resources[1]?.digest ?? '',
    );
  }

  assert.equal(new Set(digests({ owner: 'mdt' })).size, 1, 'whether owners are simulated is no matter');
  assert.notDeepEqual(digests({ owner: 'mdt' }), digests({ owner: 'mdt', mode: '0755' }));
  assert.notDeepEqual(digests({ owner: 'mdt' }), digests({ mode: 'mdt' }));
});

test('schedules that are missing, or say something else, are found', () => {
  const want = { id: 'schedule:p', policy: 'p', cron: '0 * * * *', timezone: 'UTC' };
  const row = { policy: 'p', cron: '0 * * * *', timezone: 'UTC', nextRunAt: '2026-11-21T13:00:00Z' };

  assert.deepEqual(observeSchedules([want], [row]), []);
  assert.deepEqual(
    observeSchedules([want], []).flatMap((finding) => finding.differences),
    [{ field: 'existence', from: 'absent', to: '0 * * * * UTC' }],
  );
  assert.deepEqual(
    observeSchedules([want], [{ ...row, cron: '5 * * * *', timezone: 'Asia/Tokyo' }])[0]?.differences,
    [
      { field: 'cron', from: '5 * * * *', to: '0 * * * *' },
      { field: 'timezone', from: 'Asia/Tokyo', to: 'UTC' },
    ],
  );
});
