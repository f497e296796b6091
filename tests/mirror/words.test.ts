import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLifecycle } from '../../daemon/commands/rclone-lifecycle.ts';
import { boundedMemory, mirrorMemoryBytes } from '../../daemon/commands/rclone-mirror.ts';
import { isAtLeast, parseRcloneVersion } from '../../daemon/commands/rclone-version.ts';
import { judgeBrought, type MirrorError } from '../../daemon/mirror/brought.ts';
import { lifecycleWords } from '../../daemon/mirror/kept-versions.ts';
import { recallMirror, rememberMirror } from '../../daemon/mirror/mirror-memory.ts';
import { stateWith } from '../policies/policy-rig.ts';
import { mirrorPolicy } from './mirror-rig.ts';

test('the rules of a B2 bucket tell how long deleted objects are kept below a place', () => {
  const rules = parseLifecycle(
    '[{"daysFromHidingToDeleting":30,"daysFromUploadingToHiding":null,"fileNamePrefix":""},' +
      '{"daysFromHidingToDeleting":1,"daysFromUploadingToHiding":null,"fileNamePrefix":"other/"}]',
  );

  assert.equal(lifecycleWords(rules ?? [], 'b2:bucket/photos'), 'B2 keeps what is deleted for 30 days');
  assert.equal(lifecycleWords(rules ?? [], 'b2:bucket'), 'B2 keeps what is deleted for 1 day');
  assert.equal(lifecycleWords([], 'b2:bucket'), 'B2 keeps what is deleted for ever');
  for (const text of ['', 'null', '{}']) assert.equal(parseLifecycle(text), undefined);
});

test('a version is read from what rclone prints, also from a build of Debian', () => {
  const version = parseRcloneVersion('rclone v1.60.1-DEV\n- os/version: debian 12\n');

  assert.deepEqual(version, { major: 1, minor: 60 });
  assert.equal(isAtLeast({ major: 1, minor: 60 }, { major: 1, minor: 65 }), false);
  assert.ok(isAtLeast({ major: 2, minor: 0 }, { major: 1, minor: 65 }));
  assert.equal(parseRcloneVersion('restic 0.14.0'), undefined);
});

test('files that could not be sent make a mirror partial, and anything else makes it fail', () => {
  const ofFile = { path: 'a', message: 'Failed to copy: permission denied' };
  function judge(code: number | null, errors: readonly MirrorError[]): string {
    return judgeBrought(code, errors, (message) => message.includes('507')).kind;
  }

  assert.equal(judge(0, []), 'whole');
  assert.equal(judge(7, []), 'whole', 'deletions were kept back');
  assert.equal(judge(7, [ofFile]), 'failed');
  assert.equal(judge(6, [ofFile]), 'partial');
  assert.equal(judge(1, [ofFile, { path: 'b', message: 'Failed to copy: 507' }]), 'failed');
  assert.equal(judge(1, [{ message: 'no such host' }]), 'failed');
  assert.equal(judge(5, [ofFile]), 'failed');
  assert.equal(judge(null, [ofFile]), 'failed');
});

test('memory is bounded by the number of transfers, whatever the version of rclone', () => {
  assert.equal(mirrorMemoryBytes(16), 16 * 80 * 1024 * 1024);
  assert.equal(boundedMemory()['RCLONE_B2_UPLOAD_CONCURRENCY'], '1');
});

test('what is remembered of another source or destination counts for nothing, nor does what cannot be read', async () => {
  const facts = new Map<string, string>();
  const store = {
    fact: (name: string) => Promise.resolve(facts.get(name)),
    saveFact: (name: string, value: string | null) => Promise.resolve(void facts.set(name, value ?? '')),
  };
  const mirror = { name: 'space', policy: mirrorPolicy(), state: stateWith({}) };
  const good = { source: { files: 3, bytes: 42 }, objects: 3, at: '2026-11-21T12:00:00Z' };

  await rememberMirror(mirror, store, good);

  assert.deepEqual((await recallMirror(mirror, store))?.source, good.source);
  const other = { ...mirror, policy: mirrorPolicy({ destination: 'cloud:other' }) };
  assert.equal(await recallMirror(other, store), undefined);
  for (const text of ['', '{}', 'null', '[]', '{"subject":"x"}']) {
    facts.set('mirror.last.space', text);
    assert.equal(await recallMirror(mirror, store), undefined, text);
  }
});
