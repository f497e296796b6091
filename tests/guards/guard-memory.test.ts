import assert from 'node:assert/strict';
import { test } from 'node:test';
import { footingOf, GuardMemory } from '../../daemon/guards/guard-memory.ts';
import type { VolumeSeen } from '../../daemon/guards/volume-seen.ts';
import { guarded } from '../status/status-facts.ts';

const facts = { uuid: 'u-1', label: 'flux', physical: 'sda' };

test('what a disk is called is believed for some looks, and only on the same footing', () => {
  const memory = new GuardMemory();
  assert.equal(memory.factsOf('/flux', 'a'), undefined);
  memory.learn('/flux', 'a', facts);

  assert.equal(memory.factsOf('/flux', 'b'), undefined, 'another mount or sentinel');
  assert.equal(memory.factsOf('/space', 'a'), undefined, 'another volume');
  const believed = Array.from({ length: 20 }, () => memory.factsOf('/flux', 'a'));
  assert.deepEqual(believed[0], facts);
  assert.equal(believed.filter((one) => one !== undefined).length, 10);
});

test('a disk that would not say what it is called, or has no sentinel, is asked again', () => {
  const memory = new GuardMemory();

  memory.learn('/flux', 'a', { physical: 'sda' });
  memory.learn('/space', undefined, facts);

  assert.equal(memory.factsOf('/flux', 'a'), undefined);
  assert.equal(memory.factsOf('/space', undefined), undefined);
});

test('what came of writing counts for that mount, until somebody got no answer', () => {
  const memory = new GuardMemory();
  memory.wrote('/flux', 'a', { kind: 'written' });

  assert.deepEqual(memory.writeOf('/flux', 'a'), { kind: 'written' });
  assert.equal(memory.writeOf('/flux', 'b'), undefined);
  memory.doubt();
  assert.equal(memory.writeOf('/flux', 'a'), undefined);
});

test('the footing is the mount and the sentinel file, and nothing without both', () => {
  const { seen } = guarded(1);
  const sentinel = {
    kind: 'read',
    value: { volume: 'flux', id: '1', host: 'motoko' },
    stamp: '1:2:3',
  } as const;
  const whole: VolumeSeen = { ...seen, sentinel };

  assert.equal(footingOf(seen), undefined);
  assert.equal(footingOf({ ...whole, disk: {} }), undefined);
  assert.notEqual(footingOf(whole), footingOf({ ...whole, sentinel: { ...sentinel, stamp: '1:2:4' } }));
  assert.equal(footingOf(whole), footingOf(structuredClone(whole)));
});
