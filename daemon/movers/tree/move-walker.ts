import { closeSync, statfsSync } from 'node:fs';
import { compareTrees } from './compare-trees.ts';
import { COPY_NAME } from './copy-name.ts';
import { errorCode } from './error-code.ts';
import type { MoveAnswers, MoveRequest, OwnPlace } from './move-protocol.ts';
import { groundNames, openGround, openOwn } from './open-ground.ts';
import { openInodes } from './open-files.ts';
import { Quarantine } from './quarantine.ts';
import { removeTree } from './remove-tree.ts';
import { survey } from './survey.ts';
import { TreeDir } from './tree-dir.ts';

type RequestOf<Kind extends MoveRequest['kind']> = Extract<MoveRequest, { kind: Kind }>;

/** Does one step of a move. `onEntry` is called for each thing that is seen or removed, and stops everything by throwing. */
export function moveStep(request: MoveRequest, onEntry: () => void): MoveAnswers[MoveRequest['kind']] {
  switch (request.kind) {
    case 'open-copy':
      return openCopy(request);
    case 'close':
      for (const descriptor of request.descriptors) closeSync(descriptor);
      return undefined;
    case 'compare':
      return compare(request, onEntry);
    case 'hide':
      return hide(request, onEntry);
    case 'put-back':
      return putBack(request.place);
    case 'place':
      return place(request);
    case 'empty':
      return empty(request.place, onEntry);
    default:
      return smallStep(request);
  }
}

function smallStep(
  request: RequestOf<'inside' | 'sweep' | 'entry' | 'link'>,
): MoveAnswers['inside' | 'sweep' | 'entry' | 'link'] {
  switch (request.kind) {
    case 'inside': {
      using tree = openGround(request.place.ground);
      using found = Quarantine.find(tree, request.place.id);
      return found?.names();
    }
    case 'sweep':
      return sweep(request);
    case 'entry': {
      using tree = openGround(request.ground);
      const stats = tree.lstat(request.name);
      return stats === undefined ? undefined : { inode: String(stats.ino), isDirectory: stats.isDirectory() };
    }
    case 'link':
      return link(request);
  }
}

function openCopy({ ground, name, staging }: RequestOf<'open-copy'>): MoveAnswers['open-copy'] {
  using tree = openGround(ground);
  using target = openGround(staging.ground);
  using own = openOwn(target, staging);
  if (own.dir.lstat(COPY_NAME) === undefined) own.dir.mkdir(COPY_NAME);
  const { bavail, bsize } = statfsSync(`/proc/self/fd/${own.dir.descriptor}`);
  const source = tree.open(name);
  try {
    return {
      source: source.descriptor,
      target: own.dir.open(COPY_NAME).descriptor,
      freeBytes: bavail * bsize,
    };
  } catch (error) {
    source[Symbol.dispose]();
    throw error;
  }
}

function compare(request: RequestOf<'compare'>, onEntry: () => void): MoveAnswers['compare'] {
  const { ground, name, staging } = request;
  using tree = openGround(ground);
  using target = openGround(staging.ground);
  using own = openOwn(target, staging);
  using source = tree.open(name);
  using copy = own.dir.open(COPY_NAME);
  return compareTrees(source, copy, onEntry);
}

function hide(
  { quarantine, name, print, exclude }: RequestOf<'hide'>,
  onEntry: () => void,
): string | undefined {
  using tree = openGround(quarantine.ground);
  using own = openOwn(tree, quarantine);
  const before = whyChanged(tree);
  if (before !== undefined) return before;
  own.hide(name);
  const after = whyChanged(own.dir);
  if (after !== undefined) own.putBack(name);
  // Both directories: after a power cut it must be in one of them.
  own.dir.sync();
  tree.sync();
  return after;

  function whyChanged(place: TreeDir): string | undefined {
    const device = tree.stat().dev;
    const { mount } = quarantine.ground;
    const path = groundNames(quarantine.ground);
    const question = { path, exclude, device, mount, open: openInodes(device), onEntry };
    const seen = survey(place, name, question);
    if (seen.kind === 'left') return seen.why;
    return seen.entry.print === print ? undefined : 'it was changed while it was copied';
  }
}

function putBack(place: OwnPlace): MoveAnswers['put-back'] {
  using tree = openGround(place.ground);
  using own = Quarantine.find(tree, place.id);
  if (own === undefined) return [];
  const names = own.names().map((name) => own.putBack(name));
  tree.sync();
  own.close();
  return names;
}

function place({ from, name, ground, to }: RequestOf<'place'>): MoveAnswers['place'] {
  using tree = openGround(from.ground);
  using own = openOwn(tree, from);
  using target = openGround(ground);
  try {
    own.dir.move(name, target, to);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST' || code === 'ENOTEMPTY') return 'taken';
    throw error;
  }
  target.sync();
  own.dir.sync();
  return 'placed';
}

function empty(own: OwnPlace, onEntry: () => void): MoveAnswers['empty'] {
  using tree = openGround(own.ground);
  using found = Quarantine.find(tree, own.id);
  const sums = { files: 0, bytes: 0 };
  const left: string[] = [];
  for (const name of found?.names() ?? []) {
    const removal = removeTree(found?.dir ?? tree, name, onEntry);
    sums.files += removal.files;
    sums.bytes += removal.bytes;
    left.push(...removal.left);
  }
  found?.close();
  tree.sync();
  return { ...sums, left };
}

function sweep({ ground, name }: RequestOf<'sweep'>): undefined {
  using tree = openGround(ground);
  try {
    if (tree.lstat(name)?.isDirectory() === true) tree.rmdir(name);
  } catch (error) {
    if (errorCode(error) !== 'ENOTEMPTY') throw error;
  }
}

function link({ ground, name, target }: RequestOf<'link'>): boolean {
  using tree = openGround(ground);
  try {
    tree.symlink(target, name);
    tree.sync();
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}
