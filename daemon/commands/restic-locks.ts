/** A lock in a repository. */
export interface ResticLock {
  readonly id: string;
  /** When it was made or last refreshed, which restic does each five minutes. */
  readonly time: Date;
  readonly exclusive: boolean;
  readonly hostname: string;
  readonly pid: number;
}

/** `restic list locks`: their ids, one a line. Pure. */
export function listLocksArgs(): readonly string[] {
  return ['list', 'locks', '--no-lock', '--quiet'];
}

/** Ids in its output, 64 hex digits. Pure. */
export function parseLockIds(stdout: string): readonly string[] {
  return stdout.split('\n').filter((line) => /^[0-9a-f]{64}$/.test(line));
}

/** `restic cat lock`. Pure. */
export function catLockArgs(id: string): readonly string[] {
  return ['cat', 'lock', id, '--no-lock', '--quiet'];
}

/** Reads its output; undefined for what is no lock. Pure. */
export function parseLock(id: string, stdout: string): ResticLock | undefined {
  const { time, exclusive, hostname, pid } = parseObject(stdout);
  const made = typeof time === 'string' ? new Date(time) : undefined;
  if (made === undefined || Number.isNaN(made.getTime())) return undefined;
  if (typeof hostname !== 'string' || typeof pid !== 'number') return undefined;
  return { id, time: made, exclusive: exclusive === true, hostname, pid };
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {}; // it was removed while it was read
  }
}
