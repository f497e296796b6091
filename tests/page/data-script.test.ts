import assert from 'node:assert/strict';
import test from 'node:test';
import { runInNewContext } from 'node:vm';
import { dataScript, type PageData } from '../../daemon/page/data-script.ts';
import { hostileHistory, hostileStatus } from './hostile-status.ts';
import { sampleHistory } from './sample-history.ts';
import { calmStatus } from './sample-status.ts';

const now = new Date('2026-11-21T20:00:00Z');

/** What a browser would find in `window.ANCHORD` after running the script. */
function loaded(script: string): PageData {
  const window: { ANCHORD?: PageData } = {};
  runInNewContext(script, { window });
  assert.ok(window.ANCHORD);
  return window.ANCHORD;
}

test('the script hands over exactly what it was given', () => {
  const data = { status: calmStatus(now), history: sampleHistory(now), live: true };

  const found = loaded(dataScript(data));

  assert.equal(JSON.stringify(found.status), JSON.stringify(data.status));
  assert.equal(JSON.stringify(found.history), JSON.stringify(data.history));
  assert.equal(found.live, true);
});

test('hostile names survive as they are, and cannot end the script', () => {
  const data = { status: hostileStatus(now), history: hostileHistory(now), live: false };

  const script = dataScript(data);

  assert.doesNotMatch(script, /[<\u2028\u2029]/u);
  assert.equal(script.trimEnd().split('\n').length, 1);
  assert.equal(JSON.stringify(loaded(script).status), JSON.stringify(data.status));
});

test('a policy named __proto__ is a key like any other', () => {
  const data = { status: calmStatus(now), history: hostileHistory(now), live: false };

  const { policies } = loaded(dataScript(data)).history;

  assert.ok(Object.hasOwn(policies, '__proto__'));
});

test('the same data gives the same bytes', () => {
  const data = { status: calmStatus(now), history: sampleHistory(now), live: false };

  assert.equal(dataScript(data), dataScript(structuredClone(data)));
});
