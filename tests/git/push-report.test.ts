import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePushReport } from '../../daemon/git/push-report.ts';

function report(line: string): string {
  return parsePushReport(`To /srv/x.git\n${line}\nDone\n`).kind;
}

test('a push report tells acceptance, a lost race, a refusal and no decision apart', () => {
  const ref = 'abc:refs/heads/anchord-status/motoko';

  assert.equal(report(` \t${ref}\t1234567..89abcde`), 'accepted');
  assert.equal(report(`*\t${ref}\t[new branch]`), 'accepted');
  assert.equal(report(`=\t${ref}\t[up to date]`), 'accepted');
  assert.equal(report(`!\t${ref}\t[rejected] (stale info)`), 'lost');
  assert.equal(report(`!\t${ref}\t[remote rejected] (failed to update ref)`), 'lost');
  assert.equal(report(`!\t${ref}\t[remote rejected] (incorrect old value provided)`), 'lost');
  assert.equal(report(`!\t${ref}\t[remote failure] (remote failed to report status)`), 'undecided');
  assert.equal(parsePushReport('').kind, 'undecided');
  assert.deepEqual(parsePushReport(`!\t${ref}\t[remote rejected] (protected branch hook declined)\n`), {
    kind: 'refused',
    words: '[remote rejected] (protected branch hook declined)',
  });
});
