import type { ConfigDump } from './parse-dump.ts';
import type { Parameter, SmbConfig } from './smb-config.ts';

/** Parameters whose value is a list, which Samba prints in its own way. */
const LISTS: ReadonlySet<string> = new Set([
  'valid users',
  'write list',
  'read list',
  'admin users',
  'vfs objects',
]);

/** What Samba reads otherwise than it is meant; `share` is absent when it is about the whole server. */
export interface DumpFault {
  readonly share?: string;
  readonly message: string;
}

/**
 * Compares what Samba read with what was meant: every parameter has its value, and no share has one that anchord did not
 * give it, which would be a section of the same name elsewhere. Pure.
 */
export function compareDump(meant: SmbConfig, dump: ConfigDump): readonly DumpFault[] {
  const globals = dump.get('global') ?? new Map<string, string>();
  const faults: DumpFault[] = wrongValues(meant.globals, [globals]).map((message) => ({ message }));
  for (const { name, parameters } of meant.shares) {
    const seen = dump.get(name);
    if (seen === undefined) {
      faults.push({ share: name, message: `Samba does not see the section [${name}]` });
      continue;
    }
    const known = new Set(parameters.map(([key]) => key));
    const foreign = [...seen.keys()].filter((key) => !known.has(key));
    const messages = [
      // A share's dump leaves out what the global section says for all.
      ...wrongValues(parameters, [seen, globals]),
      ...foreign.map((key) => `it has ${key} = ${seen.get(key) ?? ''}, which anchord did not say`),
    ];
    faults.push(...messages.map((message) => ({ share: name, message: `[${name}]: ${message}` })));
  }
  return faults;
}

function wrongValues(
  parameters: readonly Parameter[],
  places: readonly ReadonlyMap<string, string>[],
): readonly string[] {
  return parameters.flatMap(([key, value]) => {
    const found = places.map((place) => place.get(key)).find((one) => one !== undefined);
    if (isSame(key, found ?? '', value)) return [];
    return [`Samba reads ${key} as ${JSON.stringify(found ?? '')} where ${JSON.stringify(value)} is meant`];
  });
}

function isSame(key: string, a: string, b: string): boolean {
  return a === b || canonical(key, a) === canonical(key, b);
}

/** Yes is yes in any case, and lists are apart by one space or comma. Anything else, such as a path, is exact. */
function canonical(key: string, value: string): string {
  const flat = LISTS.has(key) ? value.replaceAll(/[\s,]+/g, ' ').trim() : value;
  return /^(yes|no|never)$/i.test(flat) ? flat.toLowerCase() : flat;
}
