import { readBounded } from './bounded-objects.ts';
import type { Mirror } from './mirror.ts';
import { gitWords } from './git-words.ts';
import { readHeaders, type CommitHeader } from './verify-headers.ts';
import { judgeSignature, type SignatureFacts, type SignatureVerdict } from './verify-judge.ts';
import type { Keyring } from './verify-keyring.ts';
import type { SshSigner } from './verify-ssh-signers.ts';

/** So many commits are checked by one git, so that each ends well within its time. */
const CHUNK = 100;
/**
 * Nothing that a commit says of itself: it may name an encoding in which its author is several lines, and forge an answer.
 * Names of signers come from the files of this host.
 */
const FORMAT = ['%H', '%G?', '%GP', '%GF', '%GS'].join('%x00');

/** A commit with what was found of its signature. */
export interface CheckedCommit {
  readonly header: CommitHeader;
  readonly verdict: SignatureVerdict;
}

/** Checks the signature of each commit. Throws when git does not answer for every one of them. */
export async function verifyCommits(
  mirror: Mirror,
  commits: readonly string[],
  known: { readonly keyring: Keyring; readonly signers: readonly SshSigner[]; readonly signal?: AbortSignal },
): Promise<readonly CheckedCommit[]> {
  const checked: CheckedCommit[] = [];
  for (let from = 0; from < commits.length; from += CHUNK) {
    const chunk = commits.slice(from, from + CHUNK);
    const headers = await readBounded(mirror.repository, {
      oids: () => Promise.resolve(chunk),
      read: (gitdir) => readHeaders(gitdir, chunk),
    });
    // git ends at a signature of a kind that it does not know, and then says nothing of the other commits either.
    const asked = chunk.filter((commit) => headers.get(commit)?.isKnownKind === true);
    const found = asked.length === 0 ? new Map<string, FoundFacts>() : await askGit(mirror, asked, known);
    for (const commit of chunk) {
      const header = headers.get(commit);
      const facts = header?.isKnownKind === false ? NOTHING_FOUND : found.get(commit);
      if (header === undefined || facts === undefined)
        throw new Error(`git did not say anything of the signature of ${commit}`);
      const { signatures, isKnownKind } = header;
      checked.push({ header, verdict: judgeSignature({ ...facts, signatures, isKnownKind }, known.signers) });
    }
  }
  return checked;
}

/** What git was not asked about. */
const NOTHING_FOUND: FoundFacts = { code: 'E', key: '', by: '' };

type FoundFacts = Pick<SignatureFacts, 'code' | 'key' | 'by'>;

async function askGit(
  mirror: Mirror,
  commits: readonly string[],
  known: { readonly keyring: Keyring; readonly signal?: AbortSignal },
): Promise<ReadonlyMap<string, FoundFacts>> {
  const { keyring, signal } = known;
  const args = [...keyring.options, 'log', '--no-walk=unsorted', '--stdin', `--format=${FORMAT}`];
  const answer = await mirror.repository.run(args, {
    input: commits.map((commit) => `${commit}\n`).join(''),
    env: keyring.env,
    ...(signal === undefined ? {} : { signal }),
  });
  if (answer.code !== 0) throw new Error(`git log could not check signatures: ${gitWords(answer)}`);
  return new Map(answer.stdout.split('\n').flatMap(toFacts));
}

function toFacts(line: string): readonly (readonly [string, FoundFacts])[] {
  const [commit = '', code = '', primary = '', fingerprint = '', by = ''] = line.split('\0');
  if (!/^[0-9a-f]{40}$/.test(commit)) return [];
  // Of an OpenPGP subkey the key it belongs to is what a person knows.
  return [[commit, { code, key: primary === '' ? fingerprint : primary, by }]];
}
