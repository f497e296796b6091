import type { Revisions } from '../store/store.ts';
import type { LookParts } from './look.ts';

/**
 * What is to be said of the trusted revision's own signature: found once, and anew when the allowed signers are others.
 * Whatever is found, the revision stays trusted: it was accepted by the rules of its day. Throws `Stalled` when the
 * files of signers cannot be used; undefined when nobody asks for signatures.
 */
export async function standingOf(
  { trusted, verification }: Revisions,
  { verifier, repo }: Pick<LookParts, 'verifier' | 'repo'>,
  signal: AbortSignal,
): Promise<Revisions['verification']> {
  if (verifier === undefined || trusted === undefined) return undefined;
  const version = await verifier.version();
  if (verification?.revision === trusted && verification.version === version) return verification;
  const found = await verifier.verify(repo, { revision: trusted, signal });
  const about = { revision: trusted, version };
  if (found.kind === 'refused') return { ...about, fault: found.fault };
  return { ...about, ...(found.verified === undefined ? {} : { verified: found.verified }) };
}
