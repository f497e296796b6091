import assert from 'node:assert/strict';
import test from 'node:test';
import { desire } from '../../daemon/resources/desire.ts';
import type { Owners } from '../../daemon/resources/owners.ts';
import { notCarriedOut } from '../../daemon/status/not-carried-out.ts';
import { hostState } from '../reconcile/host-state.ts';

const REAL: Owners = { kind: 'real', users: new Map(), groups: new Map() };
const STATE = hostState({
  directories: { '/flux/work': { group: 'crew' } },
  shares: {
    work: { path: '/flux/work', write: ['ana'], read: ['bo'], recycle: '30d' },
    all: { path: '/flux', read: ['bo'] },
  },
  policies: {
    local: {
      kind: 'backup',
      source: '/flux/work',
      repository: '/flux/vault/restic',
      password: { secret: 'password' },
      schedule: '0 1 * * *',
      keep: { daily: 7 },
    },
  },
  catcher: { tiers: { hot: { path: '/flux/ingest', rto: '4h' } } },
});

test('a share stands on its volume and its directory, and says what it serves', () => {
  const { resources } = desire(STATE, { root: '/', owners: REAL });

  const work = resources.find(({ id }) => id === 'share:work');
  assert.deepEqual(
    [work?.kind, work?.volume, work?.needs, work?.detail, work?.simulated],
    ['share', 'flux', 'directory:/flux/work', '/flux/work, write ana, read bo, recycle', undefined],
  );
});

test('what anchord and restic store below a share is hidden in it', () => {
  const { shares } = desire(STATE, { root: '/', owners: REAL });

  assert.deepEqual(
    shares.map(({ name, hidden, group }) => [name, hidden, group]),
    [
      ['work', [], 'crew'],
      ['all', ['ingest', 'restic'], undefined],
    ],
  );
});

test('a share with recycle brings a directory for each writer, unless that is declared', () => {
  const brought = desire(STATE, { root: '/', owners: REAL });
  const declared = {
    ...STATE,
    directories: { ...STATE.directories, '/flux/work/.recycle': { mode: '0770' } },
  };
  const own = desire(declared, { root: '/', owners: REAL });

  function modeOf({ files }: typeof own, at: string): number | undefined {
    const want = files.find(({ path }) => path === at);
    return want?.kind === 'directory' ? want.mode : undefined;
  }
  assert.equal(modeOf(brought, '/flux/work/.recycle'), 0o755);
  assert.equal(modeOf(brought, '/flux/work/.recycle/ana'), 0o700);
  assert.equal(modeOf(brought, '/flux/work/.recycle/bo'), undefined);
  assert.equal(modeOf(own, '/flux/work/.recycle'), 0o770);
});

test('the digest of a share changes with what is served, and with nothing else', () => {
  function digest(change: object): string | undefined {
    const shares = { ...STATE.shares, work: { ...STATE.shares['work'], path: '/flux/work', ...change } };
    const { resources } = desire({ ...STATE, shares }, { root: '/', owners: REAL });
    return resources.find(({ id }) => id === 'share:work')?.digest;
  }
  const before = digest({});

  assert.equal(digest({ recycle: '60d' }), before);
  for (const change of [
    { write: ['bo'], read: ['ana'] },
    { path: '/flux' },
    { timeMachine: { maxSize: '1TiB' } },
  ])
    assert.notEqual(digest(change), before, JSON.stringify(change));
});

test('where nothing can be served a share is simulated, and what is still a person’s work is named', () => {
  const { resources } = desire(STATE, { root: '/tmp/root', owners: { kind: 'simulated' } });

  assert.equal(resources.find(({ id }) => id === 'share:work')?.simulated, 'share work');
  const users = { ana: { samba: { password: { secret: 'password' } } } };
  assert.deepEqual(notCarriedOut({ ...STATE, users, policies: {} }), [
    'users (ana): their Samba passwords are not set',
    'part of share work: what is in .recycle is never removed',
    'catcher',
  ]);
});
