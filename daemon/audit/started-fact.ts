import { canonicalJson, type CanonicalValue } from './canonical-json.ts';
import { lineHash } from './chain.ts';
import type { AuditFact } from './fact.ts';

/** What starts, and with which host settings. */
export interface Start {
  readonly version: string;
  /** Secrets stand in it by reference only. */
  readonly settings: object;
  /** The user that runs it: whoever can give it commands is that user, or root. */
  readonly uid: number;
  /** `settingsDigest` at the start before; absent at the first. */
  readonly before?: string;
}

/** The start of a daemon. Pure. */
export function startedFact({ version, settings, uid, before }: Start): AuditFact {
  const digest = settingsDigest(settings);
  const changed = before !== undefined && before !== digest;
  return { kind: 'daemon.started', facts: { version, uid, settings: digest, settingsChanged: changed } };
}

/** SHA-256 of host settings, the same however their file is laid out. Pure. */
export function settingsDigest(settings: object): string {
  return lineHash(canonicalJson(JSON.parse(JSON.stringify(settings)) as CanonicalValue));
}
