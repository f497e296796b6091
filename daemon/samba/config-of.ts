import { globalParameters } from './global-parameters.ts';
import type { SambaVersion } from './samba-version.ts';
import { shareSection } from './share-section.ts';
import type { ShareWant } from './share-want.ts';
import type { SmbConfig } from './smb-config.ts';

/** Everything anchord's configuration file has to say for these shares. Pure. */
export function configOf(
  wants: readonly ShareWant[],
  how: {
    readonly version: SambaVersion;
    readonly down: ReadonlySet<string>;
    readonly guard: string;
  },
): SmbConfig {
  return {
    globals: globalParameters(how.version),
    shares: wants.map((want) => shareSection(want, { isUp: !how.down.has(want.id), guard: how.guard })),
  };
}
