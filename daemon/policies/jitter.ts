import { createHash } from 'node:crypto';

/** Whose delay it is: always the same for one policy of one host, different for others. */
export interface JitterSeed {
  readonly host: string;
  readonly policy: string;
}

/** Milliseconds that a policy starts after each of its slots: whole seconds, at least 0 and less than `limitSeconds`. Pure. */
export function jitterMs(seed: JitterSeed, limitSeconds: number): number {
  if (limitSeconds <= 0) return 0;
  // A slash cannot stand in either name, so two different pairs never look alike.
  const digest = createHash('sha256').update(`${seed.host}/${seed.policy}`).digest();
  return (digest.readUInt32BE(0) % limitSeconds) * 1000;
}
