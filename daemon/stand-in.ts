import { createHmac } from 'node:crypto';

/**
 * A short name in the place of one that strangers must not read. The same name has the same one on this host, and nobody
 * without the host's key can test a guess against it. Pure.
 */
export function standIn(name: string, key: string): string {
  return createHmac('sha256', key).update(name).digest('hex').slice(0, 8);
}
