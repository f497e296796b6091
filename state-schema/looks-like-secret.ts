const SECRET_NAME =
  /(?:^|[^a-z])(?:key|password|passwd|passphrase|pass|token|secret|credential|auth)s?(?:$|[^a-z])/;
const LEAST_LENGTH = 16;
const LEAST_BITS_PER_CHARACTER = 3.2;

/** Shapes that providers give their secrets. Each is bounded, so that a hostile file cannot make the search slow. */
const SHAPES: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'a private key', pattern: /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/g },
  { what: 'an AWS access key', pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  { what: 'a GitHub token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22})/g },
  { what: 'a GitLab token', pattern: /\bglpat-[A-Za-z0-9_-]{20}/g },
  { what: 'a Slack token', pattern: /\bxox[abeprs]-[A-Za-z0-9-]{10}/g },
  { what: 'a Backblaze application key', pattern: /\bK00[0-9][A-Za-z0-9+/]{27}(?![A-Za-z0-9+/])/g },
  { what: 'an ntfy access token', pattern: /\btk_[a-z0-9]{29}\b/g },
  { what: 'an age secret key', pattern: /\bAGE-SECRET-KEY-1[A-Z0-9]{20}/g },
  { what: 'an Azure storage key', pattern: /\bAccountKey=[A-Za-z0-9+/]{40}/g },
  { what: 'a JSON web token', pattern: /\beyJ[A-Za-z0-9_-]{10,400}\.eyJ[A-Za-z0-9_-]{10,400}/g },
  { what: 'an anchord token', pattern: /\banc_[A-Za-z0-9]{4,64}_[A-Za-z0-9_-]{20}/g },
  { what: 'an address with a password in it', pattern: /:\/\/[^\s/:@'"]{0,200}:[^\s/@'"]{1,200}@/g },
];

/** A place in a text where a known shape of secret stands. */
export interface SecretShape {
  readonly offset: number;
  readonly what: string;
}

/** Finds every known shape of secret in a text, comments included. */
export function findSecretShapes(text: string): readonly SecretShape[] {
  return SHAPES.flatMap(({ what, pattern }) =>
    [...text.matchAll(pattern)].map((match) => ({ offset: match.index, what })),
  );
}

/** Whether a value under this key is most likely a secret written out: long, and as random as a key is. */
export function looksLikeSecret(key: string, value: string): boolean {
  if (SHAPES.some(({ pattern }) => value.search(pattern) !== -1)) return true;
  if (value.length < LEAST_LENGTH || value.length > 4096 || /\s/.test(value)) return false;
  const words = key.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
  return SECRET_NAME.test(words) && isMixed(value) && bitsPerCharacter(value) >= LEAST_BITS_PER_CHARACTER;
}

/** A name such as `restic-password` or `RESTIC_PASSWORD` is long as well, but has no digits among its letters. */
function isMixed(value: string): boolean {
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[+/=!$%&*#@~^]/].filter((kind) => kind.test(value)).length;
  return kinds >= 3 || (kinds === 2 && (value.match(/[0-9]/g) ?? []).length >= 4 && !/[-_.]/.test(value));
}

/** Shannon's measure: how many bits one character tells, given how often each occurs. */
function bitsPerCharacter(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}
