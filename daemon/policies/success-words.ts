import type { Run } from '../../state-schema/generated/status.ts';
import type { RunnablePolicy } from './runnable-policies.ts';

/** What a good run of a policy did, in a few words. Pure. */
export function successWords(kind: RunnablePolicy['kind'], run: Run): string {
  if (!saysWhatItDid(kind) && run.snapshot === undefined) return `${run.message ?? 'done'}, ${run.endedAt}`;
  const more = run.message === undefined ? '' : `; ${run.message}`;
  return `${deed(kind, run)}, ${run.endedAt}${more}`;
}

function deed(kind: RunnablePolicy['kind'], { files, snapshot, moved, removed }: Run): string {
  if (kind === 'graduate') return `${count(moved, 'directory', 'directories')} moved`;
  if (kind === 'purge') return `${count(removed, 'entry', 'entries')} removed`;
  if (kind === 'mirror') return `${count(files, 'file', 'files')} mirrored, ${removed ?? 0} deleted there`;
  return inSnapshot(files, snapshot);
}

function saysWhatItDid(kind: RunnablePolicy['kind']): boolean {
  return kind === 'graduate' || kind === 'purge' || kind === 'mirror';
}

function inSnapshot(files: number | undefined, snapshot: string | undefined): string {
  const many = files === undefined ? '' : `${count(files, 'file', 'files')} in `;
  return `${many}snapshot ${snapshot?.slice(0, 8) ?? 'unknown'}`;
}

function count(number: number | undefined, one: string, many: string): string {
  return `${number ?? 0} ${number === 1 ? one : many}`;
}
