/** `restic cat config`: reads without locking, so it also works beside a running prune. Pure. */
export function configArgs(): readonly string[] {
  return ['cat', 'config', '--no-lock', '--quiet'];
}

/** The repository's id, 64 hex digits; undefined when the output is not a restic config. Pure. */
export function parseRepositoryId(stdout: string): string | undefined {
  return /"id":\s*"([0-9a-f]{64})"/.exec(stdout)?.[1];
}
