import assert from 'node:assert/strict';
import test from 'node:test';
import { Sampler } from '../../daemon/manifests/sampler.ts';

test('small and big files are both chosen, each once, and nothing over the limit', () => {
  const sampler = new Sampler<Item>({ count: 20, largest: 1_000_000, random: sequence(7) });
  for (let index = 0; index < 10_000; index++) show(sampler, { name: `small${index}`, size: 10 });
  for (let index = 0; index < 10; index++) show(sampler, { name: `big${index}`, size: 1_000_000 });
  show(sampler, { name: 'huge', size: 1_000_001 });

  const names = sampler.chosen(nameOf).map(nameOf);

  assert.equal(new Set(names).size, names.length);
  assert.ok(names.length <= 20);
  assert.ok(names.filter((name) => name.startsWith('small')).length >= 9, names.join(' '));
  assert.ok(names.filter((name) => name.startsWith('big')).length >= 5, names.join(' '));
  assert.ok(!names.includes('huge'));
});

test('of fewer files than it may choose it chooses all, also empty ones', () => {
  const sampler = new Sampler<Item>({ count: 20, largest: 100, random: sequence(3) });
  for (let size = 0; size < 10; size++) show(sampler, { name: `f${size}`, size });

  assert.equal(sampler.chosen(nameOf).length, 10);
});

test('every file of one size has about the same chance', () => {
  const seen = new Map<string, number>();
  const random = sequence(11);
  for (let round = 0; round < 2_000; round++) {
    const sampler = new Sampler<Item>({ count: 4, largest: 100, random });
    for (let index = 0; index < 20; index++) show(sampler, { name: `f${index}`, size: 5 });
    for (const { name } of sampler.chosen(nameOf)) seen.set(name, (seen.get(name) ?? 0) + 1);
  }

  assert.equal(seen.size, 20);
  for (const [name, count] of seen)
    assert.ok(count > 250 && count < 530, `${name} was chosen ${count} times`);
});

interface Item {
  readonly name: string;
  readonly size: number;
}

function nameOf(item: Item): string {
  return item.name;
}

function show(sampler: Sampler<Item>, item: Item): void {
  sampler.take(item.size, () => item);
}

/** The same numbers every time, spread over 0 to 1. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
