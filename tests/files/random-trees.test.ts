import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import type { FileWant } from '../../daemon/files/file-wants.ts';
import { snapshot } from './snapshot.ts';
import { directory, link, VolumeRig } from './volume-rig.ts';

const ROUNDS = 60;
const NAMES = ['a', 'b', 'c d', 'e%', '..e'];

test('whatever is wanted and whatever is there, all is right or explained, and nothing else changed', async () => {
  for (let seed = 1; seed <= ROUNDS; seed++) {
    await using rig = await VolumeRig.make();
    const random = randomFrom(seed);
    const kept = scatter(rig, random);
    const wants = randomWants(random);
    const outside = snapshot(rig.outside);

    const results = new Map(rig.putRight(wants).map((result) => [result.id, result]));
    const left = rig.observe(wants);

    const failed = wants.filter((want) => results.get(want.id)?.kind === 'failed').map((want) => want.id);
    assert.equal(results.size, wants.length, `seed ${seed}: everything wanted has a result`);
    assert.deepEqual(left.map((finding) => finding.id).toSorted(), failed.toSorted(), `seed ${seed}`);
    for (const finding of left) assert.notEqual(finding.seen.kind, 'absent', `seed ${seed}: explained`);
    assert.deepEqual(snapshot(rig.outside), outside, `seed ${seed}: outside`);
    for (const [path, before] of kept)
      assert.deepEqual(snapshot(rig.at(path)), before, `seed ${seed}: ${path}`);
    const settled = snapshot(rig.at('/flux'));
    rig.putRight(wants);
    assert.deepEqual(snapshot(rig.at('/flux')), settled, `seed ${seed}: once right, left alone`);
  }
});

/** Puts files, links and directories at random; returns the files, none of which may change. */
function scatter(rig: VolumeRig, random: () => number): ReadonlyMap<string, readonly string[]> {
  const files: string[] = [];
  for (let n = 0; n < 8; n++) {
    const path = randomPath(random);
    try {
      mkdirSync(rig.at(dirname(path)), { recursive: true });
      const dice = random();
      if (dice < 0.3) symlinkSync(random() < 0.5 ? rig.outside : 'nowhere', rig.at(path));
      else if (dice < 0.6) {
        writeFileSync(rig.at(path), 'data', { flag: 'wx' });
        files.push(path);
      } else mkdirSync(rig.at(path), { mode: Math.floor(random() * 0o1000) | 0o700 });
    } catch (error) {
      // Something is there already, or a file is in the way of it: as good a start as any.
      assert.ok(['EEXIST', 'ENOTDIR', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? ''));
    }
  }
  return new Map(files.map((path) => [path, snapshot(rig.at(path))]));
}

function randomWants(random: () => number): readonly FileWant[] {
  const wants = new Map<string, FileWant>();
  const links = new Set<string>();
  for (let n = 0; n < 12; n++) {
    const path = randomPath(random);
    // As the schema has it: nothing is declared below a link, and no link above something declared.
    const taken = [...wants.keys()].some((other) => other === path || other.startsWith(`${path}/`));
    if (taken || [...links].some((one) => path.startsWith(`${one}/`))) continue;
    if (random() < 0.3) {
      links.add(path);
      wants.set(path, link(path, random() < 0.5 ? '/elsewhere' : 'beside'));
    } else
      wants.set(path, directory(path, random() < 0.5 ? {} : { mode: 0o700 | Math.floor(random() * 0o100) }));
  }
  return [...wants.values()];
}

function randomPath(random: () => number): string {
  const depth = 1 + Math.floor(random() * 3);
  const names = Array.from({ length: depth }, () => NAMES[Math.floor(random() * NAMES.length)]);
  return `/flux/${names.join('/')}`;
}

/** A small generator (mulberry32), so that a failing seed fails again. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
