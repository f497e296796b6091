import type { HostState } from '../../state-schema/host-state.ts';
import type { NAMED_SECTIONS } from '../../state-schema/parse/merge-files.ts';
import type { Problem } from '../../state-schema/problem.ts';

/** What the parser's thread says: pieces of the named maps, each answered by `taken`, and then the rest or the refusal. */
export type ParseMessage =
  | {
      readonly kind: 'piece';
      readonly section: (typeof NAMED_SECTIONS)[number];
      readonly entries: readonly (readonly [string, unknown])[];
    }
  /** The state with its named maps empty: their entries came before. */
  | { readonly kind: 'accepted'; readonly rest: HostState }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] };

/** The answer to a piece. */
export const taken = 'taken';
