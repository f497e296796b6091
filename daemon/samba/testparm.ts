import { parseDump, type ConfigDump } from './parse-dump.ts';
import { runSamba } from './samba-program.ts';
import type { SambaPlace } from './samba-place.ts';

/** How Samba reads a configuration file. */
export type ConfigRead =
  | { readonly kind: 'read'; readonly dump: ConfigDump; readonly complaints: readonly string[] }
  | { readonly kind: 'unreadable'; readonly message: string };

/** What testparm says with exit status 0 although it did not take the configuration as it is written. */
const COMPLAINT = /unknown|ignoring|unavailable|invalid|error|not (?:a )?valid|badly/i;

/** Lets Samba's own parser read a configuration file, all defaults included. */
export async function readConfig(file: string, place: Pick<SambaPlace, 'path'>): Promise<ConfigRead> {
  const result = await runSamba('testparm', ['--suppress-prompt', '--verbose', file], place);
  const said = result.stderr.split('\n').map((line) => line.trim());
  const complaints = said.filter((line) => COMPLAINT.test(line));
  if (result.code !== 0) {
    const why = complaints[0] ?? said.findLast((line) => line !== '') ?? result.end;
    return { kind: 'unreadable', message: `testparm: ${why.slice(0, 300)}` };
  }
  return { kind: 'read', dump: parseDump(result.stdout), complaints };
}
