import { closeSync, constants, fstatSync, lstatSync, opendirSync, openSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { DirHandle } from '../files/dir-handle.ts';
import { readSentinel } from '../files/read-sentinel.ts';
import { SENTINEL_NAME } from '../files/sentinel.ts';
import type { WriteSeen } from './volume-seen.ts';
import type { Footing, PlaceAnswer, PlaceQuestion, PlaceSeen } from './place-protocol.ts';
import { probeWriting } from './write-probe.ts';

/** What a disk says that is gone or damaged; whatever else is said of a directory, its user finds out and explains. */
const DEAD: ReadonlySet<string> = new Set([
  'EIO',
  'ENODEV',
  'ENXIO',
  'EUCLEAN',
  'EBADMSG',
  'ESTALE',
  'ESHUTDOWN',
]);
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
      return { number, kind: 'look', seen: lookAtPlace(place, question.inside) };
    case 'write':
      return { number, kind: 'write', seen: writeAtPlace(place, question.footing) };
  }
}

/** All through one open directory, so that what is told is told of one disk, whatever is mounted there meanwhile. */
function lookAtPlace(place: string, inside: readonly string[]): PlaceSeen {
  let directory: number | undefined;
  try {
    directory = openSync(place, DIRECTORY);
    const here = `/proc/self/fd/${directory}`;
    const space = spaceOf(here);
    const unreadable = reach(here, inside);
    return {
      top: {
        kind: 'directory',
        device: fstatSync(directory).dev,
        parentDevice: lstatSync(dirname(place)).dev,
      },
      sentinel: readSentinel(join(here, SENTINEL_NAME)),
      ...(unreadable === undefined ? {} : { inside: unreadable }),
      ...(space === undefined ? {} : { space }),
    };
  } catch (error) {
    return { top: topFault((error as NodeJS.ErrnoException).code ?? 'EIO'), sentinel: { kind: 'absent' } };
  } finally {
    if (directory !== undefined) closeSync(directory);
  }
}

/**
 * Opens a directory and reads its first entry, without following a link. What the top of a disk shows may still come from
 * memory when the disk has died; whoever asks for a place inside will ask the disk itself, and must not be the first.
 */
function reach(top: string, inside: readonly string[]): string | undefined {
  if (inside.length === 0) return undefined;
  let current = DirHandle.openTrusted(top);
  try {
    for (const name of inside) {
      const child = current.open(name);
      current[Symbol.dispose]();
      current = child;
    }
    const entries = opendirSync(`/proc/self/fd/${current.descriptor}`, { bufferSize: 1 });
    entries.readSync();
    entries.closeSync();
    return undefined;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'EIO';
    return DEAD.has(code) ? code : undefined;
  } finally {
    current[Symbol.dispose]();
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
