import type { Problem } from '../problem.ts';

/** Characters. A sentence that names three things of 80 characters each and says what to do is shorter than this. */
const LONGEST = { message: 600, file: 300, pointer: 300, found: 300, expected: 600 } as const;

/**
 * The problem with every text in it cut to what a person reads. Names in a file may be megabytes long, and problems go
 * into the log, the store, the status branch and the page.
 */
export function boundProblem(problem: Problem): Problem {
  const { found, expected, also } = problem;
  return {
    ...problem,
    message: cut(problem.message, LONGEST.message),
    file: cut(problem.file, LONGEST.file),
    pointer: cut(problem.pointer, LONGEST.pointer),
    ...(found === undefined ? {} : { found: cut(found, LONGEST.found) }),
    ...(expected === undefined ? {} : { expected: cut(expected, LONGEST.expected) }),
    ...(also === undefined ? {} : { also: also.map((at) => ({ ...at, file: cut(at.file, LONGEST.file) })) }),
  };
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
