/**
 * The variables of a file with `KEY=value` lines, as systemd's EnvironmentFile= and a shell both read it: comments from
 * `#` or `;`, an optional `export`, single quotes literal, double quotes with `\\ \" \$ \``. The last of equal keys wins.
 */
export function parseEnvFile(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line);
    if (match?.[1] !== undefined) values.set(match[1], unquote((match[2] ?? '').trim()));
  }
  return values;
}

function unquote(text: string): string {
  const single = /^'([^']*)'$/.exec(text)?.[1];
  if (single !== undefined) return single;
  const double = /^"((?:[^"\\]|\\.)*)"$/.exec(text)?.[1];
  if (double !== undefined) return double.replaceAll(/\\([\\"$`])/g, '$1');
  return text;
}
