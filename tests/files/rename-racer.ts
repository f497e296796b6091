import { renameSync, rmSync, symlinkSync } from 'node:fs';

// Started by a test with a folder and what to point at: swaps a directory for a link out of the volume, as fast as it can.
const [, , place = '', outside = ''] = process.argv;
const parked = `${place}.parked`;
const planted = `${place}.planted`;
symlinkSync(outside, planted);
process.stdout.write('racing\n');
for (;;) {
  if (!moved(place, parked)) rmSync(parked, { recursive: true, force: true });
  if (moved(planted, place)) moved(place, planted);
  moved(parked, place);
}

/** The other side makes the directory anew whenever it finds none, so any step may fail. */
function moved(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch {
    return false;
  }
}
