/**
 * `restic unlock`: removes locks whose process is dead, and no others. Its option --remove-all is never used: taking
 * the lock of a running backup away from it has destroyed repositories. Pure.
 */
export function unlockArgs(): readonly string[] {
  return ['unlock', '--quiet'];
}
