/** A version of restic, for example 0.14.0. */
export interface ResticVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** `restic version`. Pure. */
export function versionArgs(): readonly string[] {
  return ['version'];
}

/** Reads `restic 0.14.0 compiled with …`; undefined when that is not what was printed. Pure. */
export function parseVersion(stdout: string): ResticVersion | undefined {
  const [, major, minor, patch] = /^restic (\d+)\.(\d+)\.(\d+)/.exec(stdout) ?? [];
  if (major === undefined || minor === undefined || patch === undefined) return undefined;
  return { major: Number(major), minor: Number(minor), patch: Number(patch) };
}

/** Whether this version does what anchord relies on: 0.14 is the oldest that was tried. Pure. */
export function isSupported(version: ResticVersion): boolean {
  return version.major > 0 || version.minor >= 14;
}
