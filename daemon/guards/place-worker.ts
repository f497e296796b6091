import { lstatSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { readSentinel } from '../files/read-sentinel.ts';
import { SENTINEL_NAME } from '../files/sentinel.ts';
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
  return {
    top,
    sentinel: readSentinel(join(place, SENTINEL_NAME)),
    ...(space === undefined ? {} : { space }),
  };
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

function spaceOf(place: string): PlaceSeen['space'] {
  try {
    const { bsize, blocks, bavail } = statfsSync(place);
    return { sizeBytes: bsize * blocks, freeBytes: bsize * bavail };
  } catch {
    return undefined; // said by what the guard finds: a disk that cannot say how full it is has other faults
  }
}
