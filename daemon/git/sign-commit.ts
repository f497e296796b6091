import { Stalled, Transient } from '../errors.ts';
import type { RunResult } from '../process/run.ts';
import { shellWord } from '../shell-word.ts';
import type { BareRepository } from './bare-repository.ts';
import { gitWords } from './git-words.ts';

/** Which commit is signed, and with what. */
export interface SignRequest {
  readonly commit: string;
  /** The ref that is to point to the signed one. */
  readonly ref: string;
  readonly parent?: string;
  /** Absolute path of an SSH private key without a passphrase. */
  readonly key: string;
  readonly signal?: AbortSignal;
}

/**
 * Writes the same commit once more, signed with an SSH key, and returns it: git-fast-import(1) of this age writes none
 * with a signature. Throws `Stalled` when the key
 * cannot be used.
 */
export async function signCommit(repository: BareRepository, request: SignRequest): Promise<string> {
  const { commit, ref, parent, key, signal } = request;
  const abort = signal === undefined ? {} : { signal };
  const written = await repository.run(['cat-file', 'commit', commit], abort);
  const parts = partsOf(written.stdout);
  if (parts === undefined) throw unwritable(repository, written);
  const config = ['-c', 'gpg.format=ssh', '-c', 'gpg.ssh.program=ssh-keygen', '-c', `user.signingKey=${key}`];
  const over = parent === undefined ? [] : ['-p', parent];
  const signed = await repository.run(
    [...config, 'commit-tree', '--gpg-sign', '-F', '-', ...over, parts.tree],
    { input: parts.message, env: { ...parts.env, TMPDIR: repository.dir }, ...abort },
  );
  const oid = /^[0-9a-f]{40}$/m.exec(signed.stdout)?.[0];
  if (oid === undefined) throw unsigned(key, signed);
  const moved = await repository.run(['update-ref', ref, oid], abort);
  if (moved.code !== 0) throw unwritable(repository, moved);
  return oid;
}

/** What makes another commit say the same; undefined unless it is one of ours. */
function partsOf(
  commit: string,
):
  | { readonly tree: string; readonly message: string; readonly env: Readonly<Record<string, string>> }
  | undefined {
  const header = /^tree ([0-9a-f]{40})\n(?:parent .*\n)?author (.+) <(.*)> (\d+ \+0000)\n/.exec(commit);
  if (header === null) return undefined;
  const [, tree = '', name = '', email = '', date = ''] = header;
  const who = { name, email, date };
  return {
    tree,
    message: commit.slice(commit.indexOf('\n\n') + 2),
    env: { ...whoAndWhen('AUTHOR', who), ...whoAndWhen('COMMITTER', who) },
  };
}

function unsigned(key: string, result: RunResult): Stalled {
  return new Stalled({
    reason: 'PublishFailed',
    message: `the status commit could not be signed with ${key}: ${gitWords(result)}`,
    next: `correct status.signingKey in the host settings; it must open without a question: ssh-keygen -y -P '' -f ${shellWord(key)}`,
  });
}

function unwritable({ dir }: BareRepository, result: RunResult): Transient {
  return new Transient({
    reason: 'PublishFailed',
    message: `could not write the signed status commit in ${dir}: ${gitWords(result)}`,
    next: 'check the disk of the state directory',
  });
}

function whoAndWhen(
  who: 'AUTHOR' | 'COMMITTER',
  { name, email, date }: { readonly name: string; readonly email: string; readonly date: string },
): Readonly<Record<string, string>> {
  return { [`GIT_${who}_NAME`]: name, [`GIT_${who}_EMAIL`]: email, [`GIT_${who}_DATE`]: date };
}
