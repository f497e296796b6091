import { checkHost } from '../checks/check-host.ts';
import type { AllowSettings } from '../generated/host-settings.ts';
import type { HostState } from '../host-state.ts';
import type { Position, Problem } from '../problem.ts';
import type { StateEntry } from '../state-entry.ts';
import { boundProblem } from './bound-problem.ts';
import { checkFile } from './check-file.ts';
import type { Finding } from './finding.ts';
import { Locator } from './locate-findings.ts';
import { mergeFiles, originKey, type MergedFiles } from './merge-files.ts';
import { readStateFile, type ReadFile } from './read-state-file.ts';
import { selectFiles } from './select-files.ts';

/** The most problems that are told of one host: a file of garbage has as many as it has bytes. */
export const PROBLEM_LIMIT = 1000;

/** What is read: one host of a revision. */
export interface HostStateInput {
  readonly host: string;
  /** Everything below `hosts/<host>/` and `common/`, and those two themselves; what lies elsewhere is passed over. */
  readonly entries: readonly StateEntry[];
  /** What the host settings allow; without them only the repo itself is checked, as on an author's own machine. */
  readonly allow?: AllowSettings;
}

/** A host that can be planned with, or every reason why not, in the order of files and lines. */
export type HostStateResult =
  | { readonly ok: true; readonly state: HostState }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads, checks and merges the state files of one host. Pure; takes about a second for 10,000 directories, so the
 * daemon calls it off its main thread. Never throws for what the files hold.
 */
export function parseHostState({ host, entries, allow }: HostStateInput): HostStateResult {
  const selected = selectFiles(host, entries);
  const read = selected.files.map(readStateFile);
  const checked = read.flatMap(({ path, content }) => {
    if (content === undefined) return [];
    return [
      { path, value: content.value, findings: content.value === undefined ? [] : checkFile(content.value) },
    ];
  });
  const merged = mergeFiles(checked);
  const isWhole =
    checked.length === read.length &&
    // What a refused file would have declared is not known.
    selected.problems.length === 0 &&
    !checked.some(({ findings }) => findings.some(hidesSection));
  const hostFindings = checkHost({
    folder: host,
    isWhole,
    ...merged,
    ...(allow === undefined ? {} : { allow }),
  });

  const locator = new Locator(read);
  const problems = [
    ...selected.problems,
    ...read.flatMap((file) => file.problems),
    ...checked
      .flatMap(({ path, findings }) => findings.map((finding) => locator.toProblem(path, finding)))
      .filter(isNews(read)),
    ...doubled(merged, locator),
    ...hostFindings.map((finding) => placed(finding, merged, { locator, fallback: `hosts/${host}` })),
  ];
  const declared = merged.state.host;
  if (problems.length > 0 || declared === undefined) return { ok: false, problems: inOrder(problems) };
  return { ok: true, state: { ...merged.state, host: declared } };
}

/** What YAML itself made unreadable is told once: that the schema misses it there is no news. */
function isNews(read: readonly ReadFile[]): (problem: Problem) => boolean {
  const told = new Set(
    read.flatMap(({ problems }) => problems.map(({ file, pointer }) => `${file}\n${pointer}`)),
  );
  return ({ file, pointer }) => pointer === '' || !told.has(`${file}\n${pointer}`);
}

/** A top-level key that is mistyped or of the wrong type: a whole section may be missing from what was read. */
function hidesSection({ at }: Finding): boolean {
  return at.length <= 1;
}

function doubled({ doubles }: MergedFiles, locator: Locator): Problem[] {
  return doubles.map(({ again, first, message }) => {
    const also = [locator.locate(first.path, first.at, 'key')];
    return locator.toProblem(again.path, { code: 'duplicate', at: again.at, on: 'key', message }, also);
  });
}

/** A finding about the merged state, in the file that said it. */
function placed(
  finding: Finding,
  { origins }: MergedFiles,
  { locator, fallback }: { readonly locator: Locator; readonly fallback: string },
): Problem {
  const also = (finding.also ?? []).flatMap((at): Position[] => {
    const origin = origins.get(originKey(at));
    return origin === undefined
      ? []
      : [locator.locate(origin.path, [...origin.at, ...at.slice(origin.at.length)], 'key')];
  });
  const origin = origins.get(originKey(finding.at));
  if (origin === undefined) return locator.toProblem(fallback, { ...finding, at: [] }, also);
  const at = [...origin.at, ...finding.at.slice(origin.at.length)];
  return locator.toProblem(origin.path, { ...finding, at }, also);
}

function inOrder(problems: readonly Problem[]): readonly Problem[] {
  const sorted = problems.toSorted(
    (a, b) => compareText(a.file, b.file) || a.line - b.line || a.column - b.column,
  );
  const told = sorted.slice(0, PROBLEM_LIMIT).map(boundProblem);
  const [left] = sorted.slice(PROBLEM_LIMIT, PROBLEM_LIMIT + 1).map(boundProblem);
  if (left === undefined) return told;
  const count = sorted.length - PROBLEM_LIMIT;
  return [...told, { ...left, message: `${left.message} (and ${count - 1} more problems after this one)` }];
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
