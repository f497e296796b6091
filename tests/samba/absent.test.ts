import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { managedFiles } from '../../daemon/samba/managed-files.ts';
import { sambaPlace } from '../../daemon/samba/samba-place.ts';
import type { ShareQuestion } from '../../daemon/samba/share-view.ts';
import { Shares } from '../../daemon/samba/shares.ts';

const temp = mkdtempSync(join(tmpdir(), 'anchord-absent-'));
const QUESTION: ShareQuestion = {
  wants: [
    {
      id: 'share:flux',
      name: 'flux',
      path: '/flux',
      volume: 'flux',
      writers: ['ana'],
      readers: [],
      recycle: false,
      hidden: [],
    },
  ],
  down: new Set(),
  known: new Set(),
  marks: [],
};

after(() => rmSync(temp, { recursive: true, force: true }));

test('a host without Samba’s programs is told which package brings them, and nothing is written', async () => {
  const { shares, place } = hostIn('real', true);

  const view = await shares.observe(QUESTION);
  await shares.apply(view, new Set());

  const trouble = view.troubles.get('share:flux');
  assert.deepEqual([trouble?.state, trouble?.reason], ['waiting', 'ProgramMissing']);
  assert.match(trouble?.message ?? '', /next: apt install (samba|smbclient)$/);
  assert.throws(() => readFileSync(place.ownConfig), /ENOENT/);
});

test('in a folder, without testparm, the configuration is written for a person to see', async () => {
  const { shares, place } = hostIn('folder', false);

  const view = await shares.observe(QUESTION);
  const troubles = await shares.apply(view, new Set());

  assert.deepEqual([...view.troubles, ...troubles], []);
  assert.match(readFileSync(place.ownConfig, 'utf8'), /\[flux\]\n\tpath = \/flux\n/);
  assert.equal((await shares.observe(QUESTION)).work, undefined);
  for (const file of managedFiles(place)) assert.notEqual(readFileSync(file, 'utf8'), '');
});

test('a host that never had a share is left as it is', async () => {
  const { shares, place } = hostIn('never', true);
  mkdirSync(join(temp, 'never/etc/samba'), { recursive: true });
  writeFileSync(place.userConfig, '[global]\n');

  const view = await shares.observe({ ...QUESTION, wants: [] });
  await shares.apply(view, new Set());

  assert.equal(view.work, undefined);
  assert.equal(readFileSync(place.userConfig, 'utf8'), '[global]\n');
});

/** A host whose PATH has none of Samba's programs. */
function hostIn(name: string, serves: boolean): { shares: Shares; place: ReturnType<typeof sambaPlace> } {
  const root = join(temp, name);
  const place = {
    ...sambaPlace({ root, stateDir: join(root, 'state'), path: '', serves }),
    path: '/nonexistent',
  };
  return { shares: new Shares(place, { monotonic: () => 0 }), place };
}
