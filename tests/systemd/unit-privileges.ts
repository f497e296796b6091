import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const UNIT = fileURLToPath(new URL('../../../systemd/anchord.service', import.meta.url));

/** The beginning of a command that runs with only those capabilities that the unit leaves the daemon. */
export function asTheUnitLeavesIt(): readonly string[] {
  const lines = readFileSync(UNIT, 'utf8').matchAll(/^CapabilityBoundingSet=(.+)$/gm);
  const names = [...lines].flatMap(([, line = '']) => line.trim().split(/\s+/));
  const kept = names.map((name) => `+${name.replace(/^CAP_/, '').toLowerCase()}`);
  return ['setpriv', '--no-new-privs', `--bounding-set=-all,${kept.join(',')}`, '--'];
}
