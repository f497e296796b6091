// Takes a Debian package apart below node_modules/.cache; nothing is installed.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runShown } from './run-program.mjs';

/**
 * Where a program of an unpacked package lies.
 *
 * @param {string} root the repository
 * @param {string} name of the unpacked package
 * @param {string} program
 * @returns {string}
 */
export function unpackedProgram(root, name, program) {
  return join(root, 'node_modules/.cache', name, 'usr/bin', program);
}

/**
 * Downloads a package and takes it apart, in the place of what was unpacked under that name before.
 *
 * @param {string} root the repository
 * @param {string} name to unpack it under
 * @param {(cwd: string) => Promise<boolean>} download brings one .deb into a folder; whether it did
 * @returns {Promise<boolean>}
 */
export async function unpackPackage(root, name, download) {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, `${name}-`));
  try {
    if (!(await download(work))) return false;
    const archive = readdirSync(work).find((file) => file.endsWith('.deb'));
    if (archive === undefined) return false;
    const parts = join(work, 'parts');
    if (!(await runShown('dpkg-deb', ['-x', join(work, archive), parts], { cwd: work }))) return false;
    rmSync(join(cache, name), { recursive: true, force: true });
    renameSync(parts, join(cache, name));
    return existsSync(join(cache, name));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
