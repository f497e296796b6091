import { appendFile, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { constants } from 'node:fs';
import { join } from 'node:path';
import type { QuarantineId } from './tree/quarantine.ts';
import type { RawName } from './tree/raw-name.ts';

/**
 * How far a move has come. Each step is written down before the deed that it names, so that what was going on when a
 * crash came is known:
 *
 * ```
 *  begun ─▶ copying ─▶ hiding ─▶ placing ─▶ removing ─▶ done          copy: on another disk
 *    └───────────────▶ hiding ─▶ placing ─────────────▶ done          rename: on the same one
 * ```
 *
 * Up to `placing` a crash is undone (`undoing`): the old place is whole. From then on it is finished: the new place is.
 */
export type MoveStep =
  /** A directory of our own is about to be made in the new tree. */
  | { readonly step: 'begun'; readonly move: MoveIntent }
  /** Copied into `staging`, which is about to be filled. */
  | { readonly step: 'copying'; readonly staging: QuarantineId }
  /** Taken out of reach, into `hidden`; `copy`: inode of the compared copy. */
  | { readonly step: 'hiding'; readonly hidden: QuarantineId; readonly copy?: string }
  | { readonly step: 'placing' }
  /** It is being put back where it was. Whatever stands in the new place by now is left there. */
  | { readonly step: 'undoing' }
  /** The new place is whole and durable; the old one is about to go. */
  | { readonly step: 'removing' };

/** A move that was begun. */
export interface MoveIntent {
  readonly id: string;
  readonly policy: string;
  readonly mode: 'copy' | 'rename';
  /** Host paths of the trees. */
  readonly from: string;
  readonly to: string;
  readonly name: RawName;
  readonly newName: RawName;
  readonly files: number;
  readonly bytes: number;
  readonly leaveLink: boolean;
}

/** All that is known of a move that has not ended. */
export interface OpenMove extends MoveIntent {
  readonly step: MoveStep['step'];
  readonly staging?: QuarantineId;
  readonly hidden?: QuarantineId;
  readonly copy?: string;
}

/** The name of the directories that a move has of its own in both trees. Pure. */
export function ownName(move: Pick<MoveIntent, 'id'>): RawName {
  return `.anchord-move-${move.id}`;
}

/** Writes a step down, durably. */
export async function writeStep(stateDir: string, move: MoveIntent, step: MoveStep): Promise<void> {
  const folder = movesFolder(stateDir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${move.id}.jsonl`);
  await appendFile(file, `${JSON.stringify(step)}\n`, { mode: 0o600 });
  await using handle = await open(file);
  await handle.sync();
  if (step.step === 'begun') await syncFolder(folder);
}

/** Ends a move: everything is where it belongs. */
export async function closeMove(stateDir: string, move: Pick<MoveIntent, 'id'>): Promise<void> {
  await rm(join(movesFolder(stateDir), `${move.id}.jsonl`), { force: true });
  await syncFolder(movesFolder(stateDir));
}

/** The moves of a policy that a crash left open. */
export async function openMoves(stateDir: string, policy: string): Promise<readonly OpenMove[]> {
  const folder = movesFolder(stateDir);
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.jsonl'));
  const moves = await Promise.all(
    names.map(async (name) => parseMove(await readFile(join(folder, name), 'utf8'))),
  );
  return moves.filter((move) => move?.policy === policy).flatMap((move) => move ?? []);
}

/**
 * Reads what was written of one move. A last line that a crash tore is passed over: what it was to say was not begun.
 * Undefined when not even the first is whole: then nothing was done. Pure.
 */
export function parseMove(text: string): OpenMove | undefined {
  let move: OpenMove | undefined;
  for (const line of text.split('\n')) {
    const step = parseStep(line);
    if (step === undefined) continue;
    if (step.step === 'begun') move = { ...step.move, step: 'begun' };
    else if (move !== undefined) move = { ...move, ...step };
  }
  return move;
}

function parseStep(line: string): MoveStep | undefined {
  try {
    return JSON.parse(line) as MoveStep;
  } catch {
    return undefined;
  }
}

function movesFolder(stateDir: string): string {
  return join(stateDir, 'moves');
}

async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  await folder.sync();
}
