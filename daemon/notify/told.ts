import type { Trouble, TroubleEvent } from './trouble.ts';

/** What is remembered of one subject. Times are UTC, ISO 8601. */
export interface ToldSubject {
  /** The trouble as it was last seen. */
  readonly trouble: Trouble;
  /** When this kind of trouble was first seen. */
  readonly seenAt: string;
  /** When it was first missed; absent while it lasts. */
  readonly goneAt?: string;
  /** What was told of it, and to whom; absent before that. */
  readonly told?: { readonly event: TroubleEvent; readonly at: string; readonly to: readonly string[] };
  /** When the news of it lately changed, oldest first. */
  readonly changes: readonly string[];
}

/** All that is remembered of what was told. Kept as the store's fact `notify.told`. */
export interface Told {
  readonly subjects: Readonly<Record<string, ToldSubject>>;
  /** When messages were lately sent off, oldest first. */
  readonly sentAt: readonly string[];
}

/** Before anything was told. */
export const NOTHING_TOLD: Told = { subjects: {}, sentAt: [] };

/** Reads what `JSON.stringify` made of it. What is not that counts as nothing told: news is then told once more. Pure. */
export function parseTold(text: string | undefined): Told {
  if (text === undefined) return NOTHING_TOLD;
  try {
    const value: unknown = JSON.parse(text);
    return isTold(value) ? value : NOTHING_TOLD;
  } catch {
    return NOTHING_TOLD;
  }
}

function isTold(value: unknown): value is Told {
  if (typeof value !== 'object' || value === null) return false;
  const { subjects, sentAt } = value as { readonly subjects?: unknown; readonly sentAt?: unknown };
  return (
    typeof subjects === 'object' &&
    subjects !== null &&
    Array.isArray(sentAt) &&
    Object.values(subjects).every(
      (one) => typeof one === 'object' && one !== null && 'trouble' in one && 'changes' in one,
    )
  );
}
