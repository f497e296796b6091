import type { TreeSize } from '../commands/rclone-mirror.ts';
import type { Store } from '../store/store.ts';
import { mirrorSubject, type NamedMirror } from './mirror-job.ts';

/** What is remembered of the last good run of a mirror: the fact `mirror.last.NAME`. */
export interface MirrorMemory {
  /** What was mirrored where: of anything else the memory says nothing. */
  readonly subject: string;
  readonly source: TreeSize;
  /** Objects at the destination afterwards. */
  readonly objects: number;
  /** When that run ended. */
  readonly at: string;
}

/** What is remembered of this mirror; undefined when it never went well, or was another one. */
export async function recallMirror(
  mirror: NamedMirror,
  store: Pick<Store, 'fact'>,
): Promise<MirrorMemory | undefined> {
  const memory = parseMemory((await store.fact(factName(mirror))) ?? '');
  return memory?.subject === mirrorSubject(mirror) ? memory : undefined;
}

/** Remembers a good run, in one durable step. */
export async function rememberMirror(
  mirror: NamedMirror,
  store: Pick<Store, 'saveFact'>,
  memory: Omit<MirrorMemory, 'subject'>,
): Promise<void> {
  await store.saveFact(factName(mirror), JSON.stringify({ subject: mirrorSubject(mirror), ...memory }));
}

function factName({ name }: NamedMirror): string {
  return `mirror.last.${name}`;
}

function parseMemory(text: string): MirrorMemory | undefined {
  try {
    const value = JSON.parse(text) as Partial<MirrorMemory>;
    const { subject, source, objects, at } = value;
    const isWhole =
      typeof subject === 'string' && typeof at === 'string' && isSize(source) && isCount(objects);
    return isWhole ? { subject, source, objects, at } : undefined;
  } catch {
    return undefined;
  }
}

function isSize(value: Partial<TreeSize> | undefined): value is TreeSize {
  return typeof value === 'object' && isCount(value.files) && isCount(value.bytes);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
