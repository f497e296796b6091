import type { Fault } from '../../errors.ts';

/** What came of a person's word: one sentence of what holds from now on, or why nothing does. */
export type AcceptAnswer =
  | { readonly kind: 'accepted'; readonly message: string }
  | { readonly kind: 'refused'; readonly fault: Fault };
