import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileService } from '../../daemon/files/file-service.ts';
import { PlaceWatch } from '../../daemon/guards/place-watch.ts';

// Started by a test in a mount namespace of its own, with an empty folder: a disk takes no writes for a while and answers
// everything else, as one does that hangs in the middle of its work.
const [, , folder = ''] = process.argv;
const place = join(folder, 'flux');
const image = join(folder, 'disk.img');
mkdirSync(place);
sh('truncate', '--size=16M', image);
sh('mkfs.ext4', '-q', image);
sh('mount', '-o', 'loop', image, place);
writeFileSync(join(place, '.anchord-volume'), '{"volume":"flux","id":"1","host":"motoko"}');

const looks = new PlaceWatch(30_000);
const writes = new PlaceWatch(4_000);
const { top, sentinel } = await looks.look(place);
if (top.kind !== 'directory' || sentinel.kind !== 'read') throw new Error('no disk');
const footing = { device: top.device, sentinel: sentinel.stamp };
const said: Record<string, unknown> = {};

said['awake'] = await write();
sh('fsfreeze', '--freeze', place);
try {
  said['frozen'] = [await write(), await write(), await write()];
  said['a look meanwhile'] = (await looks.look(place)).top.kind;
  said['somebody who makes a directory there'] = await makesDirectory();
} finally {
  sh('fsfreeze', '--unfreeze', place);
}
let after = await write();
while (after === 'ETIMEDOUT') {
  await new Promise((resolve) => setImmediate(resolve));
  after = await write();
}
said['thawed'] = after;
said['another disk'] = (await writes.write(place, { ...footing, device: footing.device + 1 })).kind;
said['another sentinel'] = (await writes.write(place, { ...footing, sentinel: 'of another disk' })).kind;
said['no disk'] = (await writes.write(join(folder, 'none'), footing)).kind;
process.stdout.write(JSON.stringify(said));

async function write(): Promise<string> {
  const seen = await writes.write(place, footing);
  return seen.kind === 'refused' ? seen.code : seen.kind;
}

/** What becomes of whoever works on the disk as a pass does, and whether that is noticed. */
async function makesDirectory(): Promise<string> {
  let isNoticed = false;
  const files = new FileService(folder, { patienceMs: 500, onSilence: () => void (isNoticed = true) });
  await files.ask({
    kind: 'declare',
    wants: [{ kind: 'directory', id: 'new', path: '/flux/new', mount: '/flux' }],
  });
  const grounds = [{ mount: '/flux', ...footing }];
  const asked = files.ask({ kind: 'put-right', grounds, ids: ['new'] });
  const ended = await asked.then(
    () => 'done',
    (error: Error) => error.message.replace(/;.*/, ''),
  );
  return `${ended}, ${isNoticed ? 'noticed' : 'not noticed'}`;
}

function sh(program: string, ...args: readonly string[]): void {
  execFileSync(program, args, { stdio: 'pipe' });
}
