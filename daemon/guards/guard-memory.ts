import type { DiskNames } from './identify-disk.ts';
import type { VolumeSeen, WriteSeen } from './volume-seen.ts';

/** So often a disk is believed to be called what it was called, before it is asked again. Looks. */
const BELIEVED_LOOKS = 10;

/** What is slow to find out about a disk and does not change while it stays mounted. */
export interface DiskFacts extends DiskNames {
  /** The physical disk or disks, see physical-disk.ts. */
  readonly physical?: string;
}

interface Known {
  readonly footing: string;
  readonly facts: DiskFacts;
  looks: number;
}

/**
 * What is remembered between two looks at a volume, by its mount point. All of it counts only while the very same mount
 * carries the very same sentinel file; nothing of it counts when something is to be deleted.
 */
export class GuardMemory {
  readonly #known = new Map<string, Known>();
  readonly #writes = new Map<string, { readonly footing: string; readonly seen: WriteSeen }>();
  readonly #full = new Set<string>();

  /** What a disk was last seen to be; undefined when it has to be asked. */
  factsOf(place: string, footing: string | undefined): DiskFacts | undefined {
    const known = this.#known.get(place);
    if (known === undefined || known.footing !== footing || known.looks >= BELIEVED_LOOKS) return undefined;
    known.looks++;
    return known.facts;
  }

  /** Remembers what a disk is. One that would not say is asked again. */
  learn(place: string, footing: string | undefined, facts: DiskFacts): void {
    if (footing === undefined || (facts.uuid === undefined && facts.label === undefined))
      this.#known.delete(place);
    else this.#known.set(place, { footing, facts, looks: 0 });
  }

  /** What came of the last attempt to write to this disk; undefined when there was none. */
  writeOf(place: string, footing: string): WriteSeen | undefined {
    const last = this.#writes.get(place);
    return last?.footing === footing ? last.seen : undefined;
  }

  /** Remembers what came of an attempt to write. */
  wrote(place: string, footing: string, seen: WriteSeen): void {
    this.#writes.set(place, { footing, seen });
  }

  /** Some disk did not answer somebody: each has to show anew that it takes a write. */
  doubt(): void {
    this.#writes.clear();
  }

  /** Whether a volume had less than its minimum free at the last look. */
  wasFull(place: string): boolean {
    return this.#full.has(place);
  }

  /** Remembers whether a volume has less than its minimum free. */
  setFull(place: string, isFull: boolean): void {
    if (isFull) this.#full.add(place);
    else this.#full.delete(place);
  }
}

/** Which mount and which sentinel file a look found; undefined unless both are there. Pure. */
export function footingOf({ disk, sentinel }: VolumeSeen): string | undefined {
  if (disk?.mount === undefined || sentinel.kind !== 'read') return undefined;
  return `${disk.mount.id} ${disk.mount.device} ${sentinel.stamp}`;
}
