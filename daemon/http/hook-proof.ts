import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { SecretValue } from '../secrets/secret-value.ts';

/** What a request brings to prove that its sender knows the secret. It is fed the raw body, and then asked. */
export interface HookProof {
  /** Takes the next piece of the body, as it came over the wire. */
  take(chunk: Uint8Array): void;
  /** Whether the proof holds. Takes the same time whatever is wrong with it. */
  holds(): boolean;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** GitLab's signing tokens, as https://www.standardwebhooks.com has them: the rest is the key, in base64. */
const SIGNING_TOKEN = /^whsec_([A-Za-z0-9+/]+={0,2})$/;

/**
 * The proof that a request brings, by the forge that sends it; undefined when it brings none. A forge that signs in
 * several ways (Forgejo sends the headers of Gitea and GitHub, too) is judged by the first here alone: what is wrong
 * there is not made good elsewhere.
 *
 * - Forgejo, Gitea: `X-Forgejo-Signature`, `X-Gitea-Signature`: HMAC-SHA256 of the body, hex (https://forgejo.org/docs/latest/user/webhooks)
 * - GitHub: `X-Hub-Signature-256: sha256=HEX` (https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries)
 * - GitLab with a signing token: `webhook-signature: v1,BASE64` over `ID.TIMESTAMP.BODY` (https://gitlab.com/gitlab-org/gitlab/-/merge_requests/230944)
 * - GitLab with a secret token: `X-Gitlab-Token`: the secret itself
 */
export function hookProof(headers: Headers, secret: SecretValue): HookProof | undefined {
  const hex = one(headers['x-forgejo-signature']) ?? one(headers['x-gitea-signature']);
  if (hex !== undefined) return signed(secret.reveal(), { given: [hex], encoding: 'hex' });
  const github = one(headers['x-hub-signature-256']);
  if (github !== undefined)
    return signed(secret.reveal(), { given: [github.replace(/^sha256=/, '')], encoding: 'hex' });
  const standard = one(headers['webhook-signature']);
  if (standard !== undefined) return signedWithTime(standard, headers, secret);
  const token = one(headers['x-gitlab-token']);
  if (token !== undefined) return { take: () => {}, holds: () => isSame(token, secret.reveal()) };
  return undefined;
}

interface Given {
  /** Signatures that the request offers; one that is right is enough. */
  readonly given: readonly string[];
  readonly encoding: 'hex' | 'base64';
  /** What is signed before the body. */
  readonly before?: string;
}

function signed(key: string | Uint8Array, { given, encoding, before = '' }: Given): HookProof {
  const hash = createHmac('sha256', key).update(before);
  return {
    take: (chunk) => void hash.update(chunk),
    holds() {
      const expected = hash.digest(encoding);
      return given.some((one) => isSame(one, expected));
    },
  };
}

/** The time is signed, and not judged: a replay makes the daemon look once more, and a wrong clock must not deafen it. */
function signedWithTime(header: string, headers: Headers, secret: SecretValue): HookProof {
  const key = SIGNING_TOKEN.exec(secret.reveal())?.[1];
  if (key === undefined) return { take: () => {}, holds: () => false };
  const signatures = header.split(' ').map((each) => each.replace(/^v1,/, ''));
  const before = `${one(headers['webhook-id']) ?? ''}.${one(headers['webhook-timestamp']) ?? ''}.`;
  return signed(Buffer.from(key, 'base64'), { given: signatures, encoding: 'base64', before });
}

/** Over digests: what is compared is then always of one length, and nothing is learned from how long it takes. */
function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}

function one(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && header !== '' ? header : undefined;
}
