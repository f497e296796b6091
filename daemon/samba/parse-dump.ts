/** What Samba made of its configuration: parameters by section, `global` first, names as Samba writes them. */
export type ConfigDump = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Reads what `testparm --suppress-prompt --verbose` prints. Pure. */
export function parseDump(text: string): ConfigDump {
  const dump = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  for (const line of text.split('\n')) {
    const name = /^\[(.*)\]$/.exec(line)?.[1];
    if (name !== undefined) {
      section = new Map();
      dump.set(name.toLowerCase(), section);
      continue;
    }
    const cut = line.indexOf(' = ');
    if (section !== undefined && line.startsWith('\t') && cut > 0)
      section.set(line.slice(1, cut), line.slice(cut + 3).trim());
  }
  return dump;
}
