import type { Reason, Verified } from '../../state-schema/generated/status.ts';
import type { SshSigner } from './verify-ssh-signers.ts';

/** What git found out about the signature of one commit. */
export interface SignatureFacts {
  /**
   * git-log(1), `%G?`: G good, B bad, U of unknown validity, X expired signature, Y expired key, R revoked key,
   * E cannot be checked, N none.
   */
  readonly code: string;
  /** Fingerprint of the key; empty when git could not tell. */
  readonly key: string;
  /** Principal or user id; empty when git could not tell. */
  readonly by: string;
  /** How many signatures the commit carries. */
  readonly signatures: number;
  /** Whether git knows what kind of signature it is. */
  readonly isKnownKind: boolean;
}

/** Whether a commit's signature counts, and if not why; `words` finishes the sentence "commit … by …". */
export type SignatureVerdict =
  | { readonly kind: 'good'; readonly verified: Omit<Verified, 'revision'> }
  | { readonly kind: 'bad'; readonly reason: Reason; readonly words: string };

/** Only one good signature, by a key that is valid, of an allowed signer, counts. Pure. */
export function judgeSignature(facts: SignatureFacts, signers: readonly SshSigner[]): SignatureVerdict {
  const { code, key, by, signatures, isKnownKind } = facts;
  if (signatures === 0) return bad('NotSigned', 'is not signed');
  if (signatures > 1) return bad('SignatureBad', `carries ${signatures} signatures, and only one can count`);
  if (!isKnownKind) return bad('SignatureBad', 'carries a signature that is neither of SSH nor of OpenPGP');
  const method = key.startsWith('SHA256:') ? 'ssh' : 'gpg';
  if (code === 'G' && key !== '' && by !== '') return { kind: 'good', verified: { method, by, key } };
  return code === 'U' || code === 'E' ? unknownSigner(key, signers) : refusal(code, keyWords(key));
}

function refusal(code: string, key: string): SignatureVerdict {
  switch (code) {
    case 'X':
      return bad('SignatureExpired', `carries a signature of ${key} that has expired`);
    case 'Y':
      return bad('SignatureExpired', `was signed with ${key}, which has expired`);
    case 'R':
      return bad('SignatureExpired', `was signed with ${key}, which was revoked`);
    case 'B':
      return bad(
        'SignatureBad',
        'carries a signature that does not fit it: it was altered, or the signature is another’s',
      );
    default:
      return bad('SignatureBad', 'carries a signature that cannot be checked with the allowed signers');
  }
}

/** A key that is in the file and was not taken is one that is not valid at this time, or not for Git. */
function unknownSigner(key: string, signers: readonly SshSigner[]): SignatureVerdict {
  const known = signers.find(({ fingerprint }) => fingerprint === key);
  if (known === undefined)
    return bad(
      'SignerNotAllowed',
      `was signed with ${keyWords(key)}, which is not among the allowed signers`,
    );
  return bad(
    'SignatureExpired',
    `was signed with the key of ${known.principals} (${key}), which is not valid now or was not when it was signed`,
  );
}

function keyWords(key: string): string {
  return key === '' ? 'a key' : `the key ${key}`;
}

function bad(reason: Reason, words: string): SignatureVerdict {
  return { kind: 'bad', reason, words };
}
