import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Stalled } from '../errors.ts';

/** Longest path of a unix socket that every system takes; Node cuts longer ones off without a word. Bytes. */
const SOCKET_PATH_LIMIT = 100;

/** Where everything in the state directory is. */
export interface StatePaths {
  readonly dir: string;
  readonly lock: string;
  readonly database: string;
  readonly mirror: string;
  readonly statusRepo: string;
  readonly gitHome: string;
  /** The host's audit: a folder of files by day. */
  readonly audit: string;
  /** Keys of the allowed signers, made anew from the host settings; never a user's keyring. */
  readonly signers: string;
  /** The status branch with its history, fetched to be compared with the audit. Disposable. */
  readonly auditRepo: string;
  /** The last trusted revision's host state, so that a start needs neither the mirror nor the remote. */
  readonly trustedState: string;
  /** The same of the last good revision, to which a bad one is taken back. */
  readonly goodState: string;
  /** What anchord's own policies took away from where, line by line. */
  readonly removals: string;
}

/** The layout of a state directory. */
export function statePaths(dir: string): StatePaths {
  return {
    dir,
    lock: join(dir, 'lock'),
    database: join(dir, 'anchord.db'),
    mirror: join(dir, 'mirror.git'),
    statusRepo: join(dir, 'status.git'),
    gitHome: join(dir, 'git'),
    audit: join(dir, 'audit/host'),
    signers: join(dir, 'signers'),
    auditRepo: join(dir, 'audit.git'),
    trustedState: join(dir, 'trusted-state.json'),
    goodState: join(dir, 'good-state.json'),
    removals: join(dir, 'removals.jsonl'),
  };
}

/** The daemon's unix socket: in its state directory, or in the user's runtime directory when that path is too long. */
export function socketPath(stateDir: string, runtimeDir: string | undefined): string {
  const near = join(stateDir, 'anchord.sock');
  if (Buffer.byteLength(near) <= SOCKET_PATH_LIMIT) return near;
  const name = `anchord-${createHash('sha256').update(stateDir).digest('hex').slice(0, 16)}.sock`;
  const far = runtimeDir === undefined ? undefined : join(runtimeDir, name);
  if (far !== undefined && Buffer.byteLength(far) <= SOCKET_PATH_LIMIT) return far;
  throw new Stalled({
    reason: 'InternalError',
    message: `the path of the daemon's socket, ${near}, is longer than ${SOCKET_PATH_LIMIT} bytes, which a unix socket cannot have`,
    next: 'use a shorter stateDir, or set XDG_RUNTIME_DIR',
  });
}
