import { randomBytes } from 'node:crypto';

/** A new id of a run or a pass: unique on its host, and short, for each one is written to the status branch five times. */
export function shortId(): string {
  return randomBytes(8).toString('hex');
}
