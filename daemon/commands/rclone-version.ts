/** A version of rclone, for example 1.60. */
export interface RcloneVersion {
  readonly major: number;
  readonly minor: number;
}

/** `rclone version`. Pure. */
export function rcloneVersionArgs(): readonly string[] {
  return ['version'];
}

/** Reads `rclone v1.60.1-DEV …`; undefined when that is not what was printed. Pure. */
export function parseRcloneVersion(stdout: string): RcloneVersion | undefined {
  const [, major, minor] = /^rclone v(\d+)\.(\d+)/.exec(stdout) ?? [];
  return major === undefined || minor === undefined
    ? undefined
    : { major: Number(major), minor: Number(minor) };
}

/** Whether a version is at least another one. Pure. */
export function isAtLeast({ major, minor }: RcloneVersion, least: RcloneVersion): boolean {
  return major > least.major || (major === least.major && minor >= least.minor);
}
