/** A version of Samba; what is emitted and what is warned of depends on it. */
export interface SambaVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** Reads `Version 4.17.12-Debian`; undefined when it is none. Pure. */
export function parseSambaVersion(text: string): SambaVersion | undefined {
  const found = /^Version (\d+)\.(\d+)\.(\d+)/m.exec(text);
  if (found === null) return undefined;
  return { major: Number(found[1]), minor: Number(found[2]), patch: Number(found[3]) };
}

/** Whether one version is another or newer. Pure. */
export function isAtLeast(version: SambaVersion, least: SambaVersion): boolean {
  if (version.major !== least.major) return version.major > least.major;
  if (version.minor !== least.minor) return version.minor > least.minor;
  return version.patch >= least.patch;
}

/**
 * Whether Time Machine breaks with this version: Samba's bug 15926, mended for good in 4.22.7 and 4.23.4 as its release
 * notes say. Pure.
 */
export function breaksTimeMachine({ major, minor, patch }: SambaVersion): boolean {
  if (major !== 4) return false;
  return (minor === 22 && patch < 7) || (minor === 23 && patch < 4);
}
