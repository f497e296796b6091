import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MAIN } from '../rig/main-file.ts';
import type { BootedContainer } from './booted-container.ts';

const UNIT = fileURLToPath(new URL('../../../systemd/anchord.service', import.meta.url));

/** Installs anchord in a container as by hand: the program, its unit as it is, and these host settings. */
export function furnishUnit(container: BootedContainer, settings: string): void {
  copyFileSync(UNIT, join(container.root, 'etc/systemd/system/anchord.service'));
  // What would take minutes takes seconds.
  container.put(
    'etc/systemd/system/anchord.service.d/quick.conf',
    '[Service]\nWatchdogSec=6s\nTimeoutAbortSec=3s\nRestartSec=1s\n',
  );
  container.put('usr/bin/anchord', `#!/bin/sh\nexec /usr/local/bin/node ${MAIN} "$@"\n`, 0o755);
  container.put('etc/anchord/anchord.yaml', settings, 0o600);
}
