import test from 'node:test';
import { killAgainAndAgain } from './kill-writer.ts';

test('kill -9 at 30 random points leaves a whole chain, with a line for each run and a run for each line', async () => {
  await killAgainAndAgain(30);
});
