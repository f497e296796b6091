import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GUARD_SCRIPT, markText, type VolumeMark } from './guard-script.ts';
import { removeFile, replaceFile } from './replace-file.ts';
import type { SambaPlace } from './samba-place.ts';

/** The program that smbd runs before each connection. */
export function guardProgram({ dir }: SambaPlace): string {
  return join(dir, 'guard');
}

/**
 * Brings the guard and what it must find up to date. A volume whose own guard failed has no mark, so that its shares
 * are refused from now on, before Samba has even read its configuration again.
 */
export async function writeGuardFiles(marks: readonly VolumeMark[], place: SambaPlace): Promise<void> {
  const volumes = join(place.dir, 'volumes');
  await mkdir(volumes, { recursive: true, mode: 0o700 });
  await write(guardProgram(place), GUARD_SCRIPT, 0o700);
  for (const mark of marks) await write(join(volumes, mark.name), markText(mark), 0o600);
  const wanted = new Set(marks.map(({ name }) => name));
  for (const name of await readdir(volumes)) if (!wanted.has(name)) await removeFile(join(volumes, name));
}

async function write(path: string, text: string, mode: number): Promise<void> {
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  const now = await readFile(path, 'latin1').catch(() => undefined);
  if (now !== bytes) await replaceFile(path, bytes, { mode });
}
