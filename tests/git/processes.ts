import { readdir, readFile } from 'node:fs/promises';

/** Arguments and environment of every process that has `text` in its arguments, but this one. */
export async function processesThatName(text: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const args = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const env = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (args.includes(text)) found.push(`${args} ${env}`.replaceAll('\0', ' '));
  }
  return found;
}

/** Arguments and environment of every process that has one of the secrets in them, but this one. */
export async function processesThatHold(secrets: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const args = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const env = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    const text = `${args} ${env}`.replaceAll('\0', ' ');
    if (secrets.some((secret) => text.includes(secret))) found.push(text);
  }
  return found;
}
