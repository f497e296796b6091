import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GuardVerdict } from '../../daemon/guards/judge-volume.ts';
import type { GuardedVolume } from '../../daemon/guards/volume-guard.ts';
import { hasRecovered } from '../../daemon/reconcile/has-recovered.ts';
import { volumesWord } from '../../daemon/reconcile/volumes-word.ts';
import { guarded } from '../status/status-facts.ts';

const full: GuardVerdict = {
  kind: 'full',
  device: 1,
  fault: { reason: 'BelowMinimumFree', message: 'volume full: full', next: 'make room' },
};

function volume(name: string, verdict: GuardVerdict = { kind: 'passed', device: 1 }): GuardedVolume {
  return guarded(1, { name, verdict });
}

function gone(name: string): GuardedVolume {
  const fault = { reason: 'NotMounted', message: `volume ${name}: gone`, next: 'mount it' } as const;
  return volume(name, { kind: 'failed', fault });
}

test('when all volumes are right, one condition says so', () => {
  const { status, reason } = volumesWord([volume('flux'), volume('space')]);

  assert.deepEqual([status, reason], ['True', 'GuardsPassed']);
});

test('what must not be touched is said before what takes nothing new, and the others are named', () => {
  const word = volumesWord([volume('full', full), volume('flux'), gone('time'), gone('space')]);

  assert.deepEqual(word, {
    type: 'VolumesGuarded',
    status: 'False',
    reason: 'NotMounted',
    message: 'volume time: gone; besides: space (NotMounted), full (BelowMinimumFree); next: mount it',
  });
});

test('a volume that is only full is an alert, too', () => {
  const { status, reason } = volumesWord([volume('flux'), volume('full', full)]);

  assert.deepEqual([status, reason], ['False', 'BelowMinimumFree']);
});

test('a volume has recovered when it was bad and passes now', () => {
  const good = [volume('flux'), volume('space')];

  assert.equal(hasRecovered([gone('flux'), volume('space')], good), true);
  assert.equal(hasRecovered([volume('flux', full)], good), true);
  assert.equal(hasRecovered(good, good), false);
  assert.equal(hasRecovered([], good), false, 'the first look is no recovery');
  assert.equal(hasRecovered([gone('flux')], [volume('flux', full)]), false, 'full is not writable');
});
