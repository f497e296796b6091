import { runSamba } from './samba-program.ts';
import type { SambaPlace } from './samba-place.ts';

/** Whether a smbd of this configuration runs and answers. */
export async function smbdRuns(place: SambaPlace): Promise<boolean> {
  return (await control(place, 'ping')) === 0;
}

/**
 * Tells the running smbd to read its configuration again. Its answer says nothing about whether it could: it is 0 for
 * a broken file, too, and the probe that follows tells.
 */
export async function reloadSmbd(place: SambaPlace): Promise<void> {
  await control(place, 'reload-config');
}

/** Ends every session of a share; clients that may still use it come back by themselves. */
export async function closeShare(name: string, place: SambaPlace): Promise<void> {
  await control(place, 'close-share', name);
}

// To `smbd` and never to `all`, which is 0 even when none runs.
async function control(place: SambaPlace, ...message: readonly string[]): Promise<number | null> {
  const result = await runSamba('smbcontrol', ['--configfile', place.userConfig, 'smbd', ...message], place);
  return result.code;
}
