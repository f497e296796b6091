/** What became of a push of one ref. */
export type PushReport =
  | { readonly kind: 'accepted' }
  /** Somebody else moved the branch first. */
  | { readonly kind: 'lost' }
  /** The remote does not want it: a hook, a protected branch. `words`: its reason. */
  | { readonly kind: 'refused'; readonly words: string }
  /** It did not come to a decision: the connection, the credentials, or our own repository. */
  | { readonly kind: 'undecided' };

/** What git and servers say when the branch is not where it was seen, also in the instant between look and write. */
const LOST =
  /stale info|fetch first|non-fast-forward|cannot lock ref|failed to update ref|failed to lock|incorrect old value|reference already exists/;

/** Reads what `git push --porcelain` printed for a push of a single ref. */
export function parsePushReport(stdout: string): PushReport {
  // <flag> TAB <from>:<to> TAB <summary>, git-push(1) OUTPUT; flags of success are space, +, *, = and -.
  const match = /^([ +*=!-])\t[^\t]*\t(.*)$/m.exec(stdout);
  if (match === null) return { kind: 'undecided' };
  if (match[1] !== '!') return { kind: 'accepted' };
  const words = match[2] ?? '';
  if (/remote failed to report status|remote unpack failed/.test(words)) return { kind: 'undecided' };
  return LOST.test(words) ? { kind: 'lost' } : { kind: 'refused', words };
}
