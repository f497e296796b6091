import type { SambaPlace } from './samba-place.ts';

/** The files outside anchord's own folders that it keeps right for shares: whoever watches for drift watches these. */
export function managedFiles({ userConfig, ownConfig }: SambaPlace): readonly string[] {
  return [userConfig, ownConfig];
}
