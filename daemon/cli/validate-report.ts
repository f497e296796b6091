import { escapeControls } from '../../state-schema/quote.ts';
import type { Position, Problem } from '../../state-schema/problem.ts';
import type { HostValidation } from './validate-directory.ts';

/** How `anchord validate` may tell what it found. */
export const REPORT_FORMATS = ['text', 'json', 'github'] as const;

/** One of `REPORT_FORMATS`. */
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/**
 * What was found, as text: for a person, for programs, or as annotations of a GitHub workflow. `prefix` is where the
 * state repo lies in the repository that the workflow checks, empty or ending in `/`. Nothing in it moves a terminal.
 */
export function reportValidations(
  validations: readonly HostValidation[],
  { format, prefix }: { readonly format: ReportFormat; readonly prefix: string },
): string {
  switch (format) {
    case 'text':
      return lines([...unique(validations, textLines), ...validations.map(summary)]);
    case 'json':
      return `${asciiControls(JSON.stringify({ hosts: validations.map(asData) }, null, 2))}\n`;
    case 'github':
      return lines(unique(validations, (problem) => [annotation(problem, prefix)]));
  }
}

/** A fault of a common file is one of every host; it is told once. */
function unique(
  validations: readonly HostValidation[],
  tell: (problem: Problem) => readonly string[],
): readonly string[] {
  const told = new Set(
    validations.flatMap((validation) => problemsOf(validation).map((problem) => tell(problem).join('\n'))),
  );
  return [...told];
}

function problemsOf({ result }: HostValidation): readonly Problem[] {
  return result.ok ? [] : result.problems;
}

function textLines(problem: Problem): readonly string[] {
  const also = (problem.also ?? []).map((position) => `  see also ${place(position)}`);
  return [`${place(problem)}: ${escapeControls(problem.message)}`, ...also];
}

function place({ file, line, column }: Position): string {
  return `${escapeControls(file)}:${line}:${column}`;
}

function summary({ host, result }: HostValidation): string {
  const name = escapeControls(host);
  if (!result.ok) return `${name}: ${counted(result.problems.length, 'problem')}`;
  const { volumes, directories, shares, policies } = result.state;
  const counts = [
    counted(Object.keys(volumes).length, 'volume'),
    counted(Object.keys(directories).length, 'directory', 'directories'),
    counted(Object.keys(shares).length, 'share'),
    counted(Object.keys(policies).length, 'policy', 'policies'),
  ];
  return `${name}: valid (${counts.join(', ')})`;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function asData({ host, result }: HostValidation): object {
  return { host, ok: result.ok, problems: result.ok ? [] : result.problems };
}

/** JSON leaves some characters as they are that a terminal obeys; written as escapes they mean the same. */
function asciiControls(json: string): string {
  return json.replace(/[\u007f-\u009f\p{Cf}\u2028\u2029]/gu, (character) => {
    return [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join('');
  });
}

/** https://docs.github.com/actions/reference/workflow-commands-for-github-actions: how commands and their values are escaped. */
function annotation({ file, line, column, message }: Problem, prefix: string): string {
  const place = `file=${property(`${prefix}${file}`)},line=${line},col=${column}`;
  return `::error ${place}::${data(escapeControls(message))}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(escapeControls(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}
