import type { RunResult } from '../process/run.ts';
import type { GitProgram } from './git-program.ts';
import { upstreamOption } from './upstream-command.ts';

/** What a remote answered to "which branches have you?". */
export type RemoteHeads =
  /** Commits by branch name, without `refs/heads/`. */
  | { readonly kind: 'heads'; readonly heads: ReadonlyMap<string, string> }
  | { readonly kind: 'failed'; readonly result: RunResult };

/** Asks the remote for its branches: one exchange, no objects. */
export async function remoteHeads(git: GitProgram, signal?: AbortSignal): Promise<RemoteHeads> {
  const heads = new Map<string, string>();
  const option = await upstreamOption(git.remote, 'upload-pack');
  // --heads also tells the server to leave out everything else, such as a forge's thousands of pull requests.
  const result = await git.run(['ls-remote', '--heads', '--quiet', ...option, '--', git.remote.url], {
    remote: 'read',
    onStdoutLine: (line) => {
      const match = /^([0-9a-f]{40,64})\trefs\/heads\/(.+)$/.exec(line);
      if (match?.[1] !== undefined && match[2] !== undefined) heads.set(match[2], match[1]);
    },
    ...(signal === undefined ? {} : { signal }),
  });
  return result.code === 0 ? { kind: 'heads', heads } : { kind: 'failed', result };
}
