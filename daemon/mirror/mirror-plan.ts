import type { TreeSize } from '../commands/rclone-mirror.ts';
import { parseRcloneLog } from '../commands/rclone-log.ts';

/** An object of a plan; its path is as rclone names it, below the destination. */
export interface PlannedObject {
  readonly path: string;
  readonly bytes: number;
}

/** What a dry run says would be done. */
export interface MirrorPlan {
  /** Files to send, new or changed. */
  readonly copies: number;
  /** Bytes to send. */
  readonly bytes: number;
  /** Files that only have another name now. */
  readonly renames: number;
  /** The first of the files to send, by name; at most `NAMED_COPIES`. */
  readonly copied: readonly PlannedObject[];
  /** In the order of their paths. */
  readonly removals: readonly PlannedObject[];
  /** Other changes, such as a new time of modification. */
  readonly others: number;
  /** Objects at the destination now. */
  readonly objects: number;
}

/** So many files to send are kept by name, for the plans that must name them. A first run may have millions. */
export const NAMED_COPIES = 50_000;

/** Takes the log of a dry run line by line, and gives the plan at its end. */
export interface PlanReader {
  take(line: string): void;
  plan(): MirrorPlan;
}

/** Reads the log of a `rclone sync --dry-run --use-json-log` that ended well; otherwise it is not whole. */
export function planReader(): PlanReader {
  const removals: PlannedObject[] = [];
  const copied: PlannedObject[] = [];
  const count = { copies: 0, bytes: 0, renames: 0, others: 0, checks: 0 };
  function take(line: string): void {
    const entry = parseRcloneLog(line);
    // With one statistic each second, only the last counts.
    if (entry.kind === 'stats') count.checks = entry.stats.checks;
    if (entry.kind !== 'message') return;
    const { object = '', skipped, size = 0 } = entry;
    switch (skipped) {
      case undefined:
        return;
      case 'delete':
        removals.push({ path: object, bytes: size });
        return;
      case 'move':
        count.renames++;
        return;
      case 'copy':
        count.copies++;
        count.bytes += size;
        if (copied.length < NAMED_COPIES) copied.push({ path: object, bytes: size });
        return;
      default:
        if (!skipped.includes('directory')) count.others++;
    }
  }
  return {
    take,
    plan() {
      const { copies, bytes, renames, others, checks } = count;
      for (const list of [removals, copied]) list.sort((one, other) => (one.path < other.path ? -1 : 1));
      // rclone checks each object that is there once, and a renamed one twice.
      const objects = Math.max(0, checks - renames);
      return { copies, bytes, renames, copied, removals, others, objects };
    },
  };
}

/** Whether there is anything to do. Pure. */
export function isEmptyPlan({ copies, renames, removals, others }: MirrorPlan): boolean {
  return copies + renames + removals.length + others === 0;
}

/** How many of the files to send are new; the others are there in another version. Pure. */
export function newFiles(plan: MirrorPlan, source: TreeSize): number {
  const matched = plan.objects - plan.removals.length;
  return Math.min(plan.copies, Math.max(0, source.files - matched));
}
