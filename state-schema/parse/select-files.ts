import type { Problem, ProblemCode } from '../problem.ts';
import { escapeControls, quote } from '../quote.ts';
import { ENTRY_LIMIT, FILE_LIMIT_BYTES, REPO_LIMIT_BYTES, type StateEntry } from '../state-entry.ts';

const HOST_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;
const STATE_FILE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,250}\.yaml$/;
// What people and forges put beside state files; it says nothing about the host.
const BYSTANDER = /^(?:[A-Za-z0-9._-]+\.md|LICENSE|\.gitkeep|\.gitignore|\.gitattributes|\.editorconfig)$/;

/** A state file to read. */
export interface SelectedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Picks the state files of one host out of the entries, in path order, and says what else stands where only state
 * files may. Entries elsewhere in the repo are nobody's business.
 */
export function selectFiles(
  host: string,
  entries: readonly StateEntry[],
): { readonly files: readonly SelectedFile[]; readonly problems: readonly Problem[] } {
  if (!HOST_NAME.test(host)) {
    return {
      files: [],
      problems: [
        fault(
          'file-name',
          'hosts',
          `the name of a host is made of small letters, digits and hyphens, not ${quote(host)}`,
        ),
      ],
    };
  }
  const mine = entries
    .filter((entry) => isBelow(entry.path, host))
    .toSorted((a, b) => compare(a.path, b.path));
  const { files, problems } = sortOut(mine.slice(0, ENTRY_LIMIT), host);
  if (mine.length > ENTRY_LIMIT) {
    const text = `hosts/${host} and common hold ${mine.length} entries, ${ENTRY_LIMIT} are the most; join some files`;
    problems.push(fault('too-large', `hosts/${host}`, text));
  }
  if (!mine.some((entry) => entry.path.startsWith(`hosts/${host}/`) && entry.path.endsWith('.yaml'))) {
    const text = `there is no state file in hosts/${host}; make hosts/${host}/host.yaml, or check the name of the host`;
    problems.push(fault('host-missing', `hosts/${host}`, text));
  }
  return { files, problems };
}

function isBelow(path: string, host: string): boolean {
  return [`hosts/${host}`, 'common'].some((folder) => path === folder || path.startsWith(`${folder}/`));
}

function sortOut(
  entries: readonly StateEntry[],
  host: string,
): { files: SelectedFile[]; problems: Problem[] } {
  const files: SelectedFile[] = [];
  const problems: Problem[] = [];
  const subfolders = new Set<string>();
  let total = 0;
  for (const entry of entries) {
    const [folder, ...inside] = splitFolder(entry.path, host);
    if (inside.length > 1) {
      // One problem for a subfolder, however many files are in it.
      const subfolder = `${folder}/${inside[0]}`;
      if (!subfolders.has(subfolder)) problems.push(subfolderFault(subfolder));
      subfolders.add(subfolder);
      continue;
    }
    const problem = checkEntry(entry, inside[0]);
    if (problem === 'ignored') continue;
    if (problem !== undefined) {
      if (entry.type === 'folder') subfolders.add(entry.path);
      problems.push(problem);
      continue;
    }
    total += entry.size;
    if (entry.bytes !== undefined && total <= REPO_LIMIT_BYTES)
      files.push({ path: entry.path, bytes: entry.bytes });
  }
  if (total > REPO_LIMIT_BYTES) {
    const text = `the state files hold ${total} bytes together, ${REPO_LIMIT_BYTES} are the most`;
    problems.push(fault('too-large', `hosts/${host}`, text));
  }
  return { files, problems };
}

function splitFolder(path: string, host: string): string[] {
  const folder = path === 'common' || path.startsWith('common/') ? 'common' : `hosts/${host}`;
  return path === folder ? [folder] : [folder, ...path.slice(folder.length + 1).split('/')];
}

function checkEntry(entry: StateEntry, name: string | undefined): Problem | 'ignored' | undefined {
  if (name === undefined && entry.type === 'folder') return 'ignored';
  if (entry.type === 'folder') return subfolderFault(entry.path);
  if (entry.type === 'symlink') return nameFault(entry.path, 'is a symbolic link; put the file itself there');
  if (entry.type === 'submodule') return nameFault(entry.path, 'is a submodule; only files are read');
  if (name === undefined) return nameFault(entry.path, 'is a file; a folder of .yaml files is expected');
  if (BYSTANDER.test(name)) return 'ignored';
  if (/\.yml$/i.test(name)) return nameFault(entry.path, 'would not be read; rename it to end in .yaml');
  if (!STATE_FILE.test(name)) {
    return nameFault(
      entry.path,
      'is no state file; only names of letters, digits, dots, - and _ that end in .yaml are',
    );
  }
  if (entry.size > FILE_LIMIT_BYTES || entry.bytes === undefined) {
    const text = `${quote(entry.path)} holds ${entry.size} bytes, ${FILE_LIMIT_BYTES} are the most; split it`;
    return fault('too-large', entry.path, text);
  }
  return undefined;
}

function subfolderFault(path: string): Problem {
  return nameFault(path, 'is a subfolder; state files stand side by side, so move them up');
}

function nameFault(path: string, text: string): Problem {
  return fault('file-name', path, `${quote(path)} ${text}`);
}

function fault(code: ProblemCode, path: string, message: string): Problem {
  return { code, message, file: escapeControls(path), line: 1, column: 1, pointer: '' };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
