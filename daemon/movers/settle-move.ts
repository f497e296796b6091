import { isoSeconds } from '../clock.ts';
import { isFault, Stalled } from '../errors.ts';
import { join } from 'node:path';
import { closeMove, ownName, writeStep, type MoveStep, type OpenMove } from './move-journal.ts';
import type { Mover } from './mover.ts';
import type { MoveAnswers } from './tree/move-protocol.ts';
import { nameText } from './tree/raw-name.ts';

/** How a move ended that was under way. */
export type Settled =
  | { readonly kind: 'moved' }
  /** It is where it was. `as`: under another name, because something new had its own. */
  | { readonly kind: 'undone'; readonly as?: string };

/** What settling works with: it must go on when the run itself is stopped. */
export type Settling = Pick<Mover, 'parts' | 'trees' | 'from' | 'to' | 'onStep'>;

/**
 * Brings a move to its end from wherever it stands: after a crash, after an error, and when all went well. What was placed
 * is finished; everything else is undone. May be done again and again.
 */
export async function settleMove(move: OpenMove, mover: Settling): Promise<Settled> {
  const settled = (await isPlaced(move, mover)) ? await finish(move, mover) : await undo(move, mover);
  await closeMove(mover.parts.stateDir, move);
  return settled;
}

async function isPlaced(move: OpenMove, { trees, from, to }: Settling): Promise<boolean> {
  if (move.step === 'removing') return true;
  if (move.step !== 'placing' || move.hidden === undefined) return false;
  const hidden = await trees.ask({ kind: 'inside', place: { ground: from, id: move.hidden } });
  if (move.mode === 'rename') return hidden !== undefined && !hidden.includes(move.name);
  // The very directory that was compared must stand there; renamed or replaced meanwhile, the old place is put back.
  const there = await entryAt(to, move.newName, trees);
  return there !== undefined && there.isDirectory && there.inode === move.copy;
}

/** A disk that is away shows nothing: the old place, which is whole, must not stay hidden until it is back. */
async function entryAt(
  ground: Mover['to'],
  name: OpenMove['newName'],
  trees: Mover['trees'],
): Promise<MoveAnswers['entry']> {
  try {
    return await trees.ask({ kind: 'entry', ground, name });
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

async function finish(move: OpenMove, mover: Settling): Promise<Settled> {
  const { trees, parts, from, to } = mover;
  const { hidden, staging, name, files, bytes } = move;
  if (move.mode === 'copy') {
    // The old place goes only while both disks are what they should be: one may have been pulled meanwhile.
    const fault = (await parts.guard(from.path, 'delete')) ?? (await parts.guard(to.path, 'delete'));
    if (fault !== undefined) throw new Stalled(fault);
    await record(move, { step: 'removing' }, mover);
  }
  await parts.ledger.add({
    at: isoSeconds(parts.clock.now()),
    path: join(from.path, nameText(name)),
    files,
    bytes,
  });
  if (hidden !== undefined) await removeHidden(move, { ground: from, id: hidden }, mover);
  if (staging !== undefined) await trees.ask({ kind: 'empty', place: { ground: to, id: staging } });
  if (move.leaveLink) await leaveLink(move, mover);
  return { kind: 'moved' };
}

async function removeHidden(
  move: OpenMove,
  place: { readonly ground: Mover['from']; readonly id: NonNullable<OpenMove['hidden']> },
  { trees }: Settling,
): Promise<void> {
  const { left } = await trees.ask({ kind: 'empty', place });
  if (left.length === 0) return;
  const back = await trees.ask({ kind: 'put-back', place });
  throw new Stalled({
    reason: 'NotPermitted',
    message: `${nameText(move.name)} is whole in its new place; of the old one ${left.join(', ')} could not be removed and stands in ${back.map(nameText).join(', ')}`,
    next: `lsattr -R ${place.ground.path}`,
  });
}

/** A link at the root of a host in a folder must lead to that folder: it is relative then. */
async function leaveLink(move: OpenMove, { trees, from, to }: Settling): Promise<void> {
  const up = '../'.repeat(from.path.split('/').filter((part) => part !== '').length);
  const target = join(to.path, nameText(move.newName));
  const place = from.root === '/' ? target : `${up}${target.slice(1)}`;
  await trees.ask({ kind: 'link', ground: from, name: move.name, target: place });
}

async function undo(move: OpenMove, mover: Settling): Promise<Settled> {
  const { trees, from, to } = mover;
  const { hidden, staging, name } = move;
  await record(move, { step: 'undoing' }, mover);
  const back =
    hidden === undefined ? [] : await trees.ask({ kind: 'put-back', place: { ground: from, id: hidden } });
  if (staging !== undefined) await trees.ask({ kind: 'empty', place: { ground: to, id: staging } });
  // Made, and not yet written down which directory they are; they are empty.
  for (const ground of [from, to]) await trees.ask({ kind: 'sweep', ground, name: ownName(move) });
  const other = back.find((one) => one !== name);
  return other === undefined ? { kind: 'undone' } : { kind: 'undone', as: nameText(other) };
}

/** Writes a step of a move down, and gives the move as it is then. */
export async function record(
  move: OpenMove,
  step: MoveStep,
  { parts, onStep }: Pick<Mover, 'parts' | 'onStep'>,
): Promise<OpenMove> {
  onStep(step.step);
  await writeStep(parts.stateDir, move, step);
  onStep(step.step);
  return { ...move, ...step };
}
