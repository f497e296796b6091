import type { NewsEvent } from './trouble.ts';

/** What is sent, before any service's own form. Times are UTC, ISO 8601. */
export interface Message {
  /** The same however often it is sent, so that a receiver can tell a second copy. */
  readonly id: string;
  readonly host: string;
  /** When it was written, which may be long before it arrives. */
  readonly at: string;
  /** The worst that it tells of. */
  readonly event: NewsEvent | 'test';
  readonly title: string;
  readonly text: string;
  readonly items: readonly MessageItem[];
  /** How many more things it would tell of if it were not for its length. */
  readonly more: number;
}

/** One thing that a message tells of. */
export interface MessageItem {
  readonly event: NewsEvent;
  /** `policy:flux-local`, `volume:flux`, `condition:Audited`. */
  readonly subject: string;
  readonly reason: string;
  readonly message: string;
  readonly next?: string;
  /** Since when it is so. */
  readonly since: string;
  /** When it was last well. */
  readonly lastGoodAt?: string;
  /** The policies that it is about, or that it stops. */
  readonly policies: readonly string[];
  /** It comes and goes. */
  readonly flapping: boolean;
}
