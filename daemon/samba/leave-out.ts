import type { DumpFault } from './compare-dump.ts';
import { gateConfig, type UserPart } from './gate-config.ts';
import type { SambaPlace } from './samba-place.ts';
import type { SmbConfig } from './smb-config.ts';

/** What of a configuration Samba reads as it is meant, and why the rest is left out. */
export interface GatedConfig {
  /** Undefined when not even the global section can be used. */
  readonly passed?: SmbConfig;
  /** Why a share is left out, by its name. */
  readonly leftOut: ReadonlyMap<string, string>;
  /** Why nothing can be used. */
  readonly message: string;
}

/** Gates a configuration, and when it is refused finds the shares at fault, so that the others are served all the same. */
export async function gateWithout(
  config: SmbConfig,
  userPart: UserPart,
  place: SambaPlace,
): Promise<GatedConfig> {
  const leftOut = new Map<string, string>();
  let rest = config;
  let message = '';
  // Each round leaves out at least one share; the last one has none and judges the global section alone.
  for (;;) {
    const verdict = await gateConfig(rest, userPart, place);
    if (verdict.kind === 'passed') return { passed: rest, leftOut, message };
    message = verdict.faults[0]?.message ?? '';
    const named = verdict.faults.filter((fault) => fault.share !== undefined);
    const guilty = named.length > 0 ? named : await tryEach(rest, userPart, place);
    if (guilty.length === 0) return { leftOut, message };
    for (const fault of guilty) if (fault.share !== undefined) leftOut.set(fault.share, fault.message);
    rest = { ...rest, shares: rest.shares.filter(({ name }) => !leftOut.has(name)) };
  }
}

/** testparm does not say in which section it stopped: each share is tried alone. */
async function tryEach(
  config: SmbConfig,
  userPart: UserPart,
  place: SambaPlace,
): Promise<readonly DumpFault[]> {
  const guilty: DumpFault[] = [];
  for (const section of config.shares) {
    const verdict = await gateConfig({ ...config, shares: [section] }, userPart, place);
    if (verdict.kind === 'refused')
      guilty.push({ share: section.name, message: verdict.faults[0]?.message ?? '' });
  }
  return guilty;
}
