import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkArgs, damageFound, parseCheckProgress } from '../../daemon/commands/restic-check.ts';
import { partOfPack } from '../../daemon/commands/restic-packs.ts';
import { readShare } from '../../daemon/check/read-share.ts';
import type { RunResult } from '../../daemon/process/run.ts';

const PACK = '66f797cd17fa8c9a921ce5d9f3a739b3922a1fab657bdd8ba864b16586387096';
const OTHER = '2a437d58821a2a1cb7d60e1b7225724d33393e7eada604662a9b4d0e9fcff1f9';

test('each form of readData becomes what restic takes', () => {
  function subsets(readData: string | undefined): readonly string[] {
    const share = readShare(readData);
    const subset = share.kind === 'once' ? share.subset : ({ kind: 'part', part: 3, of: share.of } as const);
    return checkArgs({ subset, cache: '/c' }).slice(3);
  }

  assert.deepEqual(subsets(undefined), []);
  assert.deepEqual(subsets('all'), ['--read-data']);
  assert.deepEqual(subsets('1/52'), ['--read-data-subset=3/52']);
  assert.deepEqual(subsets('2.5%'), ['--read-data-subset=2.5%']);
  assert.deepEqual(subsets('0%'), []);
  assert.deepEqual(subsets('10GiB'), ['--read-data-subset=10485760K']);
  assert.deepEqual(subsets('5B'), ['--read-data-subset=1K']);
});

test('a pack belongs to the part that restic counts it to', () => {
  assert.equal(partOfPack(PACK, 256), 103);
  assert.equal(partOfPack(PACK, 2), 1);
  assert.equal(partOfPack(`ff${'0'.repeat(62)}`, 256), 256);
});

test('a flipped byte and a missing pack are damage, as restic 0.14 says them', () => {
  const flipped = ended(
    1,
    `Pack ID does not match, want ${PACK}, got ${OTHER}\nFatal: repository contains errors\n`,
  );
  const missing = ended(1, `pack ${PACK}: does not exist\nFatal: repository contains errors\n`);

  assert.deepEqual(damageFound(flipped)?.packs, [PACK]);
  assert.deepEqual(damageFound(missing), { packs: [PACK], words: [`pack ${PACK}: does not exist`] });
});

test('a flipped byte and a missing pack are damage, as restic 0.18 says them', () => {
  const flipped = ended(
    1,
    [
      { message_type: 'error', message: `pack ${PACK} contains 2 errors: [blob 0d26: ciphertext]\n` },
      { message_type: 'error', message: `restic repair packs ${PACK}\nrestic repair snapshots --forget\n\n` },
      { message_type: 'exit_error', code: 1, message: 'Fatal: repository contains errors' },
    ]
      .map((line) => JSON.stringify(line))
      .join('\n'),
    JSON.stringify({ message_type: 'summary', num_errors: 1, broken_packs: [PACK] }),
  );
  const treeOnly = ended(
    1,
    JSON.stringify({ message_type: 'exit_error', message: 'Fatal: repository contains errors' }),
    JSON.stringify({ message_type: 'summary', num_errors: 1, broken_packs: null }),
  );

  assert.deepEqual(damageFound(flipped), {
    packs: [PACK],
    words: [`pack ${PACK} contains 2 errors: [blob 0d26: ciphertext]`],
  });
  assert.deepEqual(damageFound(treeOnly), { packs: [], words: [] });
});

test('a check that could not be carried out is no damage, and one that went well is none', () => {
  assert.equal(damageFound(ended(0, '')), undefined);
  assert.equal(damageFound(ended(1, 'Fatal: wrong password or no key found\n')), undefined);
  assert.equal(damageFound({ ...ended(1, 'repository contains errors'), end: 'stopped' }), undefined);
});

test('progress is read from the plain text of older versions', () => {
  assert.deepEqual(parseCheckProgress('[0:12] 50.00%  1 / 2 packs'), { phase: 'check packs', percent: 50 });
  assert.equal(parseCheckProgress('load indexes'), undefined);
});

function ended(code: number, stderr: string, stdout = ''): RunResult {
  return { end: 'exited', code, signal: null, stdout, stderr };
}
