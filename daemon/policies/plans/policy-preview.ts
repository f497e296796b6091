import type { Policy } from '../../../state-schema/generated/state-file.ts';
import type { Fault } from '../../errors.ts';
import type { PlanItem } from './policy-plan.ts';

/** What the next run of a policy would do, as `anchord policy plan` shows it. */
export interface PolicyPreview {
  readonly policy: string;
  readonly kind: Policy['kind'];
  /** What it would do, entry by entry. */
  readonly items: readonly PlanItem[];
  /** How many entries there are, those of `items` among them. */
  readonly of: number;
  /** What it would leave alone, and why. */
  readonly skipped: readonly SkippedEntry[];
  /** Patterns of what it never touches: those of the policy and anchord's own. */
  readonly excludes: readonly string[];
  /** Why the next run would do nothing of it; absent when it would. */
  readonly held?: Fault;
  /** The plan that waits for a person, when one does. */
  readonly waiting?: {
    readonly id: string;
    readonly createdAt: string;
    /** A person has accepted it until then. */
    readonly acceptedUntil?: string;
  };
}

/** An entry that is left alone. */
export interface SkippedEntry {
  readonly what: string;
  readonly why: string;
}

/** A preview, or why there is none. */
export type PreviewResult =
  | { readonly kind: 'preview'; readonly preview: PolicyPreview }
  | { readonly kind: 'refused'; readonly fault: Fault };
