import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Folder of the repository; the tests run from `dist/tests/house-style/`. */
export const root: string = fileURLToPath(new URL('../../../', import.meta.url));

/** A source file and its text. */
export interface SourceFile {
  /** Relative to the repository, for example `daemon/git/fetch.ts`. */
  readonly path: string;
  readonly text: string;
}

/** Hand-written TypeScript below a top folder, in path order. */
export function sourceFiles(folder: string): readonly SourceFile[] {
  return filesBelow(folder)
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts') && !path.includes('/generated/'))
    .map((path) => ({ path, text: readFileSync(root + path, 'utf8') }));
}

/** Every file below a top folder, relative to the repository, in path order. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(root + folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(root.length))
    .sort();
}

/** A program's first file, which does its work when it is loaded, unlike every module. */
export function isEntryPoint(path: string): boolean {
  return /(^|\/)(main|[a-z0-9-]+-worker)\.[tj]s$/.test(path);
}

/** What a file imports from this repository, as paths relative to the repository. */
export function localImports({ path, text }: SourceFile): readonly string[] {
  return [...text.matchAll(/\b(?:from|import\()\s*'(\.[^']+)'/g)].map((found) => {
    const absolute = new URL(found[1] ?? '', `file:///${path}`).pathname;
    return absolute.slice(1);
  });
}
