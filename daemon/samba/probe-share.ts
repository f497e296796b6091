import { runSamba } from './samba-program.ts';
import type { SambaPlace } from './samba-place.ts';

/**
 * What a stranger gets who connects to a share. `refused`: Samba knows the share and lets no stranger in, as it must.
 * `absent`: it has no such share, or it is not available. `open`: it let a stranger in. `unreachable`: no smbd answered.
 */
export type ProbeAnswer =
  | { readonly kind: 'refused' | 'absent' | 'open' }
  | { readonly kind: 'unreachable'; readonly message: string };

/**
 * Connects to a share as nobody, over the loopback: no password is needed for that, and none could be known. It proves
 * that smbd runs with this section and refuses strangers. It does not prove that a user of the share gets in.
 */
export async function probeShare(name: string, port: number, place: SambaPlace): Promise<ProbeAnswer> {
  const where = ['--port', String(port), `//127.0.0.1/${name}`];
  const nobody = ['--configfile=/dev/null', '--no-pass', '--user=%', '--timeout=20'];
  const { code, stdout, stderr } = await runSamba('smbclient', [...nobody, ...where, '-c', 'exit'], place);
  if (code === 0) return { kind: 'open' };
  const said = `${stdout}${stderr}`;
  if (/tree connect failed: NT_STATUS_ACCESS_DENIED/.test(said)) return { kind: 'refused' };
  if (/tree connect failed: NT_STATUS_BAD_NETWORK_NAME/.test(said)) return { kind: 'absent' };
  const line = said.split('\n').find((one) => one.includes('NT_STATUS_'));
  return { kind: 'unreachable', message: (line ?? said).trim().slice(0, 200) };
}
