import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, SMALL_HOST } from '../state-files.ts';
import { cpuTime } from '../../rig/cpu-time.ts';

const COUNT = 10_000;
// About a second on a quiet machine; the point is that nothing grows with the square.
const MOST_MS = 20_000;

function directories(line: (index: number) => string): string {
  return `directories:\n${Array.from({ length: COUNT }, (_, index) => line(index)).join('')}`;
}

test('ten thousand directories are read and checked', async () => {
  const more = directories((index) => `  /data/work/d${index}: { owner: ann, group: ann, mode: "2775" }\n`);
  const [result, took] = await timed({ 'hosts/nas/base.yaml': SMALL_HOST, 'hosts/nas/more.yaml': more });

  assert.ok(result.ok);
  assert.equal(Object.keys(result.state.directories).length, COUNT + 3);
  assert.ok(took < MOST_MS, `${took} ms`);
});

test('ten thousand faults are counted, and the first thousand told with their places', async () => {
  const more = directories((index) => `  /data/work/d${index}: { mode: 755 }\n`);
  const [result, took] = await timed({ 'hosts/nas/base.yaml': SMALL_HOST, 'hosts/nas/more.yaml': more });

  assert.ok(!result.ok);
  assert.equal(result.problems.length, 1001);
  assert.equal(result.problems[999]?.line, 1001);
  assert.match(result.problems[1000]?.message ?? '', /8999 more problems/);
  assert.ok(took < MOST_MS, `${took} ms`);
});

test('ten thousand equal keys are each told against the first', () => {
  const more = directories(() => '  /data/work/same: {}\n');

  const result = parse({ 'hosts/nas/base.yaml': SMALL_HOST, 'hosts/nas/more.yaml': more });

  assert.ok(!result.ok);
  assert.deepEqual(result.problems[500]?.also, [{ file: 'hosts/nas/more.yaml', line: 2, column: 3 }]);
});

/** The result, and how long working it out took. */
async function timed(
  files: Parameters<typeof parse>[0],
): Promise<readonly [ReturnType<typeof parse>, number]> {
  let result: ReturnType<typeof parse> | undefined;
  const took = await cpuTime(() => (result = parse(files)));
  assert.ok(result !== undefined);
  return [result, took];
}
