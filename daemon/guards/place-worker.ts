import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { parseSentinel, SENTINEL_LIMIT, SENTINEL_NAME } from '../files/sentinel.ts';
import type { PlaceAnswer, PlaceQuestion, PlaceSeen } from './place-protocol.ts';

const port = parentPort;
if (port !== null) {
  port.on('message', ({ number, place }: PlaceQuestion) => {
    port.postMessage({ number, seen: lookAtPlace(place) } satisfies PlaceAnswer);
  });
}

function lookAtPlace(place: string): PlaceSeen {
  const top = lookAtTop(place);
  if (top.kind !== 'directory') return { top, sentinel: { kind: 'absent' } };
  const space = spaceOf(place);
  return { top, sentinel: readSentinel(place), ...(space === undefined ? {} : { space }) };
}

function lookAtTop(place: string): PlaceSeen['top'] {
  try {
    const stats = lstatSync(place);
    if (!stats.isDirectory()) return { kind: 'not-a-directory' };
    return { kind: 'directory', device: stats.dev, parentDevice: lstatSync(dirname(place)).dev };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'EIO';
    return code === 'ENOENT' ? { kind: 'absent' } : { kind: 'unreadable', code };
  }
}

function readSentinel(place: string): PlaceSeen['sentinel'] {
  let file: number | undefined;
  try {
    // Never through a link and never waiting: whoever can write to the volume's top could plant a pipe.
    file = openSync(
      join(place, SENTINEL_NAME),
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    );
    const stats = fstatSync(file);
    if (!stats.isFile() || stats.size > SENTINEL_LIMIT) return { kind: 'unreadable' };
    const value = parseSentinel(readFileSync(file, 'utf8'));
    return value === undefined ? { kind: 'unreadable' } : { kind: 'read', value };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? { kind: 'absent' } : { kind: 'unreadable' };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function spaceOf(place: string): PlaceSeen['space'] {
  try {
    const { bsize, blocks, bavail } = statfsSync(place);
    return { sizeBytes: bsize * blocks, freeBytes: bsize * bavail };
  } catch {
    return undefined; // said by what the guard finds: a disk that cannot say how full it is has other faults
  }
}
