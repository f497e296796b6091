import type { Fault } from '../errors.ts';
import { copyDirectory } from './copy-directory.ts';
import { ownName, type MoveIntent, type OpenMove } from './move-journal.ts';
import type { Mover } from './mover.ts';
import { record, settleMove } from './settle-move.ts';
import { COPY_NAME } from './tree/copy-name.ts';
import { TreeService } from './tree/tree-service.ts';

/** How the move of one directory went. */
export type MoveResult =
  | { readonly kind: 'moved' }
  /** It is where it was, whole. */
  | { readonly kind: 'stayed'; readonly why: string }
  | { readonly kind: 'failed'; readonly fault: Fault };

/**
 * Moves one directory. Copied and compared in the reach of nobody else, then taken out of everybody's reach in its old place
 * and looked at once more, then put in its new place; only then the old one is removed. Each step is written down first.
 */
export async function moveDirectory(intent: MoveIntent, print: string, mover: Mover): Promise<MoveResult> {
  let move: OpenMove = { ...intent, step: 'begun' };
  try {
    move = await record(move, { step: 'begun', move: intent }, mover);
    if (intent.mode === 'copy') {
      const staging = await makeOwn(intent, 'to', mover);
      move = await record(move, { step: 'copying', staging }, mover);
      const copied = await copyDirectory(intent, { ground: mover.to, id: staging }, mover);
      if (copied.kind !== 'copied') return await stay(move, copied, mover);
      move = { ...move, copy: copied.inode };
    }
    const hidden = await makeOwn(intent, 'from', mover);
    const { copy } = move;
    move = await record(move, { step: 'hiding', hidden, ...(copy === undefined ? {} : { copy }) }, mover);
    const why = await hide(move, print, mover);
    if (why !== undefined) return await stay(move, { kind: 'stayed', why }, mover);
    move = await record(move, { step: 'placing' }, mover);
    const place = await putInPlace(move, mover);
    if (place === 'taken') return await stay(move, collision, mover);
  } catch (error) {
    await settleApart(move, mover);
    throw error;
  }
  const settled = await settleApart(move, mover);
  return settled.kind === 'moved'
    ? settled
    : { kind: 'stayed', why: 'its new place was taken away meanwhile' };
}

/** What is said of a directory whose new name is there already. */
export const collision = { kind: 'stayed', why: 'something has its new name already' } as const;

async function makeOwn(
  intent: MoveIntent,
  tree: 'from' | 'to',
  mover: Mover,
): Promise<NonNullable<OpenMove['hidden']>> {
  return await mover.trees.ask({ kind: 'make-quarantine', ground: mover[tree], name: ownName(intent) });
}

async function hide(
  move: OpenMove,
  print: string,
  { trees, from, exclude }: Mover,
): Promise<string | undefined> {
  if (move.hidden === undefined) throw new Error('Internal error: nowhere to hide');
  const quarantine = { ground: from, id: move.hidden };
  return await trees.ask({ kind: 'hide', quarantine, name: move.name, print, exclude });
}

async function putInPlace(move: OpenMove, { trees, from, to }: Mover): Promise<'placed' | 'taken'> {
  const { staging, hidden, name, newName } = move;
  const place =
    staging === undefined ? { ground: from, id: hidden, name } : { ground: to, id: staging, name: COPY_NAME };
  if (place.id === undefined) throw new Error('Internal error: nothing to put in place');
  const own = { ground: place.ground, id: place.id };
  return await trees.ask({ kind: 'place', from: own, name: place.name, ground: to, to: newName });
}

async function stay(
  move: OpenMove,
  result: Exclude<MoveResult, { kind: 'moved' }>,
  mover: Mover,
): Promise<MoveResult> {
  const settled = await settleApart(move, mover);
  if (settled.kind !== 'undone' || settled.as === undefined) return result;
  const why = result.kind === 'stayed' ? result.why : result.fault.message;
  return {
    kind: 'stayed',
    why: `${why}; it stands there as ${settled.as} now, for something new has its name`,
  };
}

/** With a thread of its own: a run that is stopped must not leave anything hidden. */
async function settleApart(move: OpenMove, mover: Mover): ReturnType<typeof settleMove> {
  if (!mover.signal.aborted) return await settleMove(move, mover);
  await using trees = new TreeService({ signal: new AbortController().signal });
  return await settleMove(move, { ...mover, trees });
}
