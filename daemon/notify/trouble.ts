import type { Reason } from '../../state-schema/generated/status.ts';

/** What kind of trouble it is, as `on` of the state repo names it. */
export type TroubleEvent = 'failed' | 'overdue' | 'guard';

/** What can be told, as `on` of the state repo names it. */
export type NewsEvent = TroubleEvent | 'recovered';

/** Something that is not as it should be, and that a person wants to know of. */
export interface Trouble {
  /** What it is about: `policy:flux-local`, `volume:flux`, `condition:Audited`. Of one subject there is one trouble. */
  readonly subject: string;
  readonly event: TroubleEvent;
  readonly reason: Reason;
  /** What is wrong. */
  readonly message: string;
  /** What to do, a command where there is one. */
  readonly next?: string;
  /** When it began, where that is known. UTC, ISO 8601. */
  readonly since?: string;
  /** When it was last well, where that is known. UTC, ISO 8601. */
  readonly lastGoodAt?: string;
  /** The policies that it is about, or that it keeps from running. */
  readonly policies: readonly string[];
  /** It is told when it has lasted for so long: much mends itself. Milliseconds. */
  readonly patienceMs: number;
}

/** How one subject is. `unclear`: it cannot be told now, for example while a run is under way; nothing is said of it. */
export type Standing =
  | { readonly kind: 'well'; readonly subject: string }
  | { readonly kind: 'unclear'; readonly subject: string }
  | { readonly kind: 'trouble'; readonly subject: string; readonly trouble: Trouble };
