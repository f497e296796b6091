import { errorCode } from './error-code.ts';
import { moveStep } from './move-walker.ts';
import { openInodes } from './open-files.ts';
import { groundNames, openGround, openOwn } from './open-ground.ts';
import { Quarantine } from './quarantine.ts';
import { isKeptName, nameText, type RawName } from './raw-name.ts';
import { removeTree } from './remove-tree.ts';
import { survey, type Surveyed, type SurveyQuestion } from './survey.ts';
import { TreeDir } from './tree-dir.ts';
import type { TreeGround } from './tree-ground.ts';
import type {
  EndedQuarantine,
  LeftEntry,
  NamedEntry,
  Removed,
  Surveys,
  TreeAnswers,
  TreeRequest,
} from './tree-protocol.ts';

/** Of entries that nobody acts on so many are named. */
const NAMED = 500;
/** How long what is known of open files may be used for a look, before the last one. Milliseconds. */
const FRESH_MS = 2_000;

type RequestOf<Kind extends TreeRequest['kind']> = Extract<TreeRequest, { kind: Kind }>;

/** The worker's side: synchronous work on trees, so that a disk that hangs hangs this thread and no other. */
export class TreeWalker {
  readonly #onEntry: () => void;
  #open: { readonly device: bigint; readonly inodes: ReadonlySet<bigint>; readonly at: number } | undefined;

  /** `onEntry` is called for each thing that is seen or removed, and stops everything by throwing. */
  constructor(onEntry: () => void) {
    this.#onEntry = onEntry;
  }

  answer(request: TreeRequest): TreeAnswers[TreeRequest['kind']] {
    switch (request.kind) {
      case 'ground':
        return findGround(request);
      case 'survey':
        return this.#survey(request);
      case 'remove':
        return this.#remove(request);
      case 'make-quarantine':
        return makeQuarantine(request);
      case 'end-quarantine':
        return this.#endQuarantine(request);
      default:
        return moveStep(request, this.#onEntry);
    }
  }

  #survey({ ground, exclude, before, only, most, unless }: RequestOf<'survey'>): Surveys {
    using tree = openGround(ground);
    const question = this.#question(ground, { tree, exclude });
    const sums = { entries: 0, oldBeyond: 0, young: 0, left: 0 };
    const old: NamedEntry[] = [];
    const youngest: NamedEntry[] = [];
    const leftFirst: LeftEntry[] = [];
    for (const name of tree.names()) {
      if (isKeptName(name)) continue;
      if (only === 'directories' && tree.lstat(name)?.isDirectory() !== true) continue;
      sums.entries++;
      const top = unless.find((one) => holds(tree, name, one));
      const seen: Surveyed =
        top === undefined
          ? survey(tree, name, question)
          : { kind: 'left', why: `it holds ${nameText(top)} at its top`, isAsked: true };
      if (seen.kind === 'left') {
        sums.left++;
        if (leftFirst.length < NAMED) leftFirst.push({ name, why: seen.why, isAsked: seen.isAsked });
      } else if (seen.entry.newestMs >= before) {
        sums.young++;
        if (youngest.length < NAMED) youngest.push({ name, ...seen.entry });
      } else if (old.length < most) old.push({ name, ...seen.entry });
      else sums.oldBeyond++;
    }
    return { ...sums, old, youngest, leftFirst };
  }

  #remove({ ground, quarantine: id, entries, exclude }: RequestOf<'remove'>): readonly Removed[] {
    using tree = openGround(ground);
    using quarantine = openOwn(tree, { ground, id });
    try {
      const kept = new Map<RawName, string>();
      for (const entry of entries) {
        const reason = whyNot(tree, entry, this.#question(ground, { tree, exclude }));
        if (reason === undefined) quarantine.hide(entry.name);
        else kept.set(entry.name, reason);
      }
      // Nobody can reach them any more who had not opened them before: what is true now stays true.
      this.#open = undefined;
      const question = this.#question(ground, { tree, exclude });
      for (const entry of entries.filter(({ name }) => !kept.has(name))) {
        const reason = whyNot(quarantine.dir, entry, question);
        if (reason !== undefined) kept.set(entry.name, reason);
      }
      return entries.map(({ name }) => this.#removeUnless(kept.get(name), quarantine, name));
    } finally {
      // What is kept, what could not be removed whole, and everything when the run is stopped.
      for (const name of quarantine.names()) quarantine.putBack(name);
    }
  }

  #removeUnless(kept: string | undefined, quarantine: Quarantine, name: RawName): Removed {
    if (kept !== undefined) return { name, kind: 'kept', why: kept };
    const { files, bytes, left } = removeTree(quarantine.dir, name, this.#onEntry);
    if (left.length === 0) return { name, kind: 'removed', files, bytes };
    return { name, kind: 'partly', files, bytes, why: `could not be removed: ${left.join(', ')}` };
  }

  #endQuarantine({ ground, quarantine: id, before }: RequestOf<'end-quarantine'>): EndedQuarantine {
    using tree = openGround(ground);
    using quarantine = Quarantine.find(tree, id);
    const ended = { removed: 0, files: 0, bytes: 0 };
    const putBack: RawName[] = [];
    if (quarantine === undefined) return { ...ended, putBack };
    for (const name of quarantine.names()) {
      const seen = survey(quarantine.dir, name, this.#question(ground, { tree, exclude: [] }));
      const isOld = seen.kind === 'seen' && seen.entry.newestInsideMs < before;
      const { files, bytes, left } = isOld
        ? removeTree(quarantine.dir, name, this.#onEntry)
        : { files: 0, bytes: 0, left: [name] };
      if (left.length > 0) putBack.push(quarantine.putBack(name));
      else ended.removed++;
      ended.files += files;
      ended.bytes += bytes;
    }
    quarantine.close();
    return { ...ended, putBack };
  }

  #question(
    ground: TreeGround,
    { tree, exclude }: { readonly tree: TreeDir; readonly exclude: readonly string[] },
  ): SurveyQuestion {
    const device = tree.stat().dev;
    const now = performance.now();
    if (this.#open?.device !== device || now - this.#open.at > FRESH_MS)
      this.#open = { device, inodes: openInodes(device), at: now };
    return {
      path: groundNames(ground),
      exclude,
      device,
      mount: ground.mount,
      open: this.#open.inodes,
      onEntry: this.#onEntry,
    };
  }
}

/** Why an entry is not what was seen before, or must not be touched. */
function whyNot(place: TreeDir, { name, print }: NamedEntry, question: SurveyQuestion): string | undefined {
  const seen = survey(place, name, question);
  if (seen.kind === 'left') return seen.why;
  return seen.entry.print === print ? undefined : 'it was changed just now';
}

function findGround({ root, path }: RequestOf<'ground'>): TreeAnswers['ground'] {
  try {
    using tree = TreeDir.at(root, path);
    const { dev, ino } = tree.stat();
    const mount = tree.mountId();
    return { kind: 'ground', ground: { root, path, device: String(dev), inode: String(ino), mount } };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { kind: 'missing', why: code };
  }
}

function makeQuarantine({ ground, name }: RequestOf<'make-quarantine'>): TreeAnswers['make-quarantine'] {
  using tree = openGround(ground);
  using quarantine = Quarantine.make(tree, name);
  return quarantine.id;
}

function holds(tree: TreeDir, name: RawName, top: RawName): boolean {
  try {
    using dir = tree.open(name);
    return dir.lstat(top) !== undefined;
  } catch (error) {
    // What cannot be opened is left alone by the survey, which says why.
    if (errorCode(error) === undefined) throw error;
    return false;
  }
}
