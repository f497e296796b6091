import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { dataScript, type PageData } from '../../daemon/page/data-script.ts';
import { pageFiles } from '../../daemon/page/page-files.ts';
import { statusReadme } from '../../daemon/page/status-readme.ts';

/** Everything that the status branch holds for the page, by path, made by the functions that make the branch. */
export async function branchFiles(data: PageData): Promise<ReadonlyMap<string, Uint8Array>> {
  const texts: readonly (readonly [string, string])[] = [
    ['data.js', dataScript(data)],
    ['status.json', JSON.stringify(data.status)],
    ['history.json', JSON.stringify(data.history)],
    ['README.md', statusReadme(data.status, data.history)],
  ];
  return new Map([
    ...(await pageFiles()),
    ...texts.map(([path, text]) => [path, Buffer.from(text)] as const),
  ]);
}

/** A new folder that looks like a clone of the status branch; its path. */
export async function pageFolder(data: PageData): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'anchord-page-'));
  for (const [path, content] of await branchFiles(data)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}
