import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PlaceWatch } from '../../daemon/guards/place-watch.ts';
import { mountSilentDisk } from './silent-disk.ts';

// Started by a test in a mount namespace of its own, with an empty folder: looks at three disks of which two are dead,
// far more often than there are threads, and prints what comes of it.
const [, , folder = ''] = process.argv;
const [good, dead, dying] = ['good', 'dead', 'dying'].map((name) => join(folder, name));
if (good === undefined || dead === undefined || dying === undefined) throw new Error('no folder');
for (const place of [good, dead, dying]) mkdirSync(place);
writeFileSync(join(good, '.anchord-volume'), '{"volume":"good","id":"1","host":"motoko"}');
const revive = [mountSilentDisk(dead), mountSilentDisk(dying)];
// Enough for a good one also where the thread that asks it is long in coming.
const watch = new PlaceWatch(4_000);

const rounds: string[] = [];
for (let round = 0; round < 12; round++) {
  const seen = await Promise.all([dead, good, dying].map((place) => watch.look(place)));
  rounds.push(seen.map(({ top }) => (top.kind === 'unreadable' ? top.code : top.kind)).join(' '));
}
const threadsLeft = await readFile(join(good, '.anchord-volume'), 'utf8');

for (const end of revive) end();
let after = 'ETIMEDOUT';
while (after === 'ETIMEDOUT') {
  const { top } = await watch.look(dead);
  after = top.kind === 'unreadable' ? top.code : top.kind;
  await new Promise((resolve) => setImmediate(resolve));
}
process.stdout.write(
  JSON.stringify({
    rounds: [...new Set(rounds)],
    read: threadsLeft.length > 0,
    after: after === 'ETIMEDOUT',
  }),
);
