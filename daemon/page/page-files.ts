import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The unchanging files of the page by their path below its root, with `/` between the parts: `index.html` and
 * everything in `assets/`. `data.js`, `status.json`, `history.json` and `README.md` are made from the state instead.
 */
export async function pageFiles(): Promise<ReadonlyMap<string, Uint8Array>> {
  const folder = await dashboardFolder(dirname(fileURLToPath(import.meta.url)));
  const paths = [join(folder, 'index.html'), ...(await filesIn(join(folder, 'assets')))];
  const files = await Promise.all(
    paths.map(async (path) => [relative(folder, path).split(sep).join('/'), await readFile(path)] as const),
  );
  return new Map(files.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The package's `dashboard/` folder, looked for upwards: built files lie one folder deeper than their sources. */
async function dashboardFolder(from: string): Promise<string> {
  const candidate = join(from, 'dashboard');
  if (await isPresent(join(candidate, 'index.html'))) return candidate;
  const above = dirname(from);
  if (above !== from) return await dashboardFolder(above);
  throw new Error(
    `no dashboard/index.html in any folder above ${fileURLToPath(import.meta.url)}: the page belongs to the package; install anchord again`,
  );
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function isPresent(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
