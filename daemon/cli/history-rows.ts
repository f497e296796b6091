import type { History, Pass } from '../../state-schema/generated/history.ts';
import type { Run } from '../../state-schema/generated/status.ts';
import { bytesWords } from '../bytes-words.ts';
import { tookWords } from './took-words.ts';

/** So many of the things that one pass put right are named. */
const NAMED = 3;

/** Passes and runs as rows of a table, newest first: when it ended, what, result, how long, details. Pure. */
export function historyRows(history: History): readonly (readonly string[])[] {
  const runs = Object.values(history.policies).flat();
  const rows = [...history.passes.map(passRow), ...runs.map(runRow)];
  return rows.toSorted(([a = ''], [b = '']) => (a < b ? 1 : a > b ? -1 : 0));
}

/** One run as cells: when it ended, policy, outcome, how long, details. Pure. */
export function runRow(run: Run): readonly string[] {
  return [run.endedAt, run.policy, run.outcome, tookWords(run), runDetails(run)];
}

function passRow(pass: Pass): readonly string[] {
  const what = `pass ${(pass.revision ?? '').slice(0, 10)}`.trimEnd();
  return [pass.endedAt, what, pass.result, tookWords(pass), passDetails(pass)];
}

function passDetails({ changed, repaired, failed, waiting, repairs = [], message }: Pass): string {
  const named = repairs.slice(0, NAMED).map(({ id, what }) => `${id.replace(':', ' ')} (${what})`);
  const more = repaired - named.length;
  const which = named.length === 0 ? '' : `: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const counts = [
    [changed, 'changed'],
    [failed, 'failed'],
    [waiting, 'waiting'],
    [repaired, `put right${which}`],
  ] as const;
  const words = counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return [...words, ...(message === undefined ? [] : [message])].join(', ');
}

function runDetails(run: Run): string {
  const { trigger, snapshot, files, bytes, bytesAdded, moved, removed, message } = run;
  const parts = [
    trigger,
    snapshot === undefined ? '' : `snapshot ${snapshot.slice(0, 8)}`,
    files === undefined ? '' : `${files} ${files === 1 ? 'file' : 'files'}`,
    bytes === undefined ? '' : bytesWords(bytes),
    bytesAdded === undefined ? '' : `${bytesWords(bytesAdded)} new`,
    moved === undefined ? '' : `${moved} moved`,
    removed === undefined || removed === 0
      ? ''
      : `${removed} ${snapshot === undefined ? 'removed' : 'forgotten'}`,
    message ?? '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}
