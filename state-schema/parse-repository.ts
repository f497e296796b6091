/** Who speaks to the remote of a repository: rclone, or restic by itself in the protocol of that name. */
export type RepositoryBackend = 'rclone' | 'b2' | 's3' | 'azure' | 'rest';

/** Where a restic repository is. */
export type RepositoryLocation =
  | { readonly kind: 'local'; readonly path: string }
  | {
      readonly kind: 'remote';
      readonly backend: RepositoryBackend;
      /** Name of the remote. */
      readonly remote: string;
      /** On the remote: a bucket and a path in it. */
      readonly place: string;
    };

const REMOTE = /^(rclone|b2|s3|azure|rest):([a-z][a-z0-9]*):(.*)$/s;

/** Reads a repository as the state repo names it; the schema lets no other form in. Pure. */
export function parseRepository(repository: string): RepositoryLocation {
  const [, backend, remote = '', place = ''] = REMOTE.exec(repository) ?? [];
  if (!isBackend(backend)) return { kind: 'local', path: repository };
  return { kind: 'remote', backend, remote, place };
}

function isBackend(text: string | undefined): text is RepositoryBackend {
  return text === 'rclone' || text === 'b2' || text === 's3' || text === 'azure' || text === 'rest';
}
