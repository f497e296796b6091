import type { Priority } from '../commands/priority.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';
import type { MoveStep } from './move-journal.ts';
import type { TreeGround } from './tree/tree-ground.ts';
import type { TreeService } from './tree/tree-service.ts';

/** What moving directories from one tree to another works with. */
export interface Mover {
  readonly parts: PolicyParts;
  readonly trees: TreeService;
  readonly from: TreeGround;
  readonly to: TreeGround;
  readonly signal: AbortSignal;
  /** Descriptors of locks that programs must keep as long as they run. */
  readonly locks: readonly number[];
  readonly priority: Priority;
  /** KiB a second. */
  readonly limitKiB: number | undefined;
  readonly exclude: readonly string[];
  /** Told right before and right after each step is written down. */
  readonly onStep: (step: MoveStep['step']) => void;
  /** So many bytes of the directory under way are copied. */
  readonly onCopied: (bytes: number) => void;
}
