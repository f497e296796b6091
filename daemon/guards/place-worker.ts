import { closeSync, constants, fstatSync, lstatSync, openSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { readSentinel } from '../files/read-sentinel.ts';
import { SENTINEL_NAME } from '../files/sentinel.ts';
import type { WriteSeen } from './volume-seen.ts';
import type { Footing, PlaceAnswer, PlaceQuestion, PlaceSeen } from './place-protocol.ts';
import { probeWriting } from './write-probe.ts';

const DIRECTORY = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

const port = parentPort;
if (port !== null) {
  port.on('message', (question: PlaceQuestion) => port.postMessage(answer(question)));
  port.postMessage('ready');
}

function answer(question: PlaceQuestion): PlaceAnswer {
  const { number, place } = question;
  switch (question.kind) {
    case 'look':
      return { number, kind: 'look', seen: lookAtPlace(place) };
    case 'write':
      return { number, kind: 'write', seen: writeAtPlace(place, question.footing) };
  }
}

/** All through one open directory, so that what is told is told of one disk, whatever is mounted there meanwhile. */
function lookAtPlace(place: string): PlaceSeen {
  let directory: number | undefined;
  try {
    directory = openSync(place, DIRECTORY);
    const here = `/proc/self/fd/${directory}`;
    const space = spaceOf(here);
    return {
      top: {
        kind: 'directory',
        device: fstatSync(directory).dev,
        parentDevice: lstatSync(dirname(place)).dev,
      },
      sentinel: readSentinel(join(here, SENTINEL_NAME)),
      ...(space === undefined ? {} : { space }),
    };
  } catch (error) {
    return { top: topFault((error as NodeJS.ErrnoException).code ?? 'EIO'), sentinel: { kind: 'absent' } };
  } finally {
    if (directory !== undefined) closeSync(directory);
  }
}

function topFault(code: string): PlaceSeen['top'] {
  if (code === 'ENOENT') return { kind: 'absent' };
  return code === 'ENOTDIR' || code === 'ELOOP' ? { kind: 'not-a-directory' } : { kind: 'unreadable', code };
}

function spaceOf(here: string): PlaceSeen['space'] {
  try {
    const { bsize, blocks, bavail } = statfsSync(here);
    return { sizeBytes: bsize * blocks, freeBytes: bsize * bavail };
  } catch {
    return undefined; // said by what the guard finds: a disk that cannot say how full it is has other faults
  }
}

function writeAtPlace(place: string, footing: Footing): WriteSeen {
  let directory: number | undefined;
  try {
    directory = openSync(place, DIRECTORY);
    return probeWriting(directory, footing);
  } catch {
    return { kind: 'gone' };
  } finally {
    if (directory !== undefined) closeSync(directory);
  }
}
