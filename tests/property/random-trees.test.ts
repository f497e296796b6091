import { test } from 'node:test';
import { pushRandomTrees } from './push-random-trees.ts';
import { Seeded } from './seeded.ts';

test('whatever is pushed is taken, or refused with its place, and nothing outside the root changes', async (context) => {
  const random = Seeded.fromEnvironment();
  context.diagnostic(random.words);

  await pushRandomTrees(random, 16);
});
