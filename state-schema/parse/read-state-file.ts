import type { ParsedNode } from 'yaml';
import { findSecretShapes } from '../looks-like-secret.ts';
import type { Problem, ProblemCode } from '../problem.ts';
import { escapeControls } from '../quote.ts';
import { composeYaml } from './compose-yaml.ts';
import { decodeText } from './decode-text.ts';
import { LineIndex } from './line-index.ts';
import { readPlain } from './read-plain.ts';
import type { SelectedFile } from './select-files.ts';

/** A state file that was read, well or badly. */
export interface ReadFile {
  readonly path: string;
  readonly lines: LineIndex;
  readonly problems: readonly Problem[];
  /** What it says; absent when it is no YAML, so that nothing can be concluded from its silence. */
  readonly content?: FileContent;
}

/** What a state file says, as plain values and as the tree that knows where they stand. */
export interface FileContent {
  /** Undefined for an empty file. */
  readonly value: unknown;
  readonly tree: ParsedNode | null;
}

/** Reads one state file down to plain values. Never throws for what the file holds. */
export function readStateFile({ path, bytes }: SelectedFile): ReadFile {
  const decoded = decodeText(bytes);
  if (!decoded.ok) {
    const lines = new LineIndex(decoded.before);
    const message = `${decoded.fault}; save the file as UTF-8 text`;
    return {
      path,
      lines,
      problems: [problemAt({ path, lines, code: 'encoding' }, decoded.before.length, message)],
    };
  }
  return readText(path, decoded.text);
}

function readText(path: string, text: string): ReadFile {
  const lines = new LineIndex(text);
  const secrets = findSecretShapes(text).map(({ offset, what }) => {
    const message = `this looks like ${what}; make it invalid at once, as the history keeps it, and refer to a secret by name`;
    return problemAt({ path, lines, code: 'secret-value' }, offset, message);
  });
  const composed = composeYaml(text);
  const faults = composed.faults.map(({ offset, message }) =>
    problemAt({ path, lines, code: 'yaml' }, offset, escapeControls(message)),
  );
  if (composed.document === undefined || faults.length > 0)
    return { path, lines, problems: [...secrets, ...faults] };

  const tree = composed.document.contents;
  const plain = readPlain(tree);
  const plainProblems = plain.faults.map(({ code, offset, pointer, message, first }): Problem => {
    const problem = { ...problemAt({ path, lines, code }, offset, message), pointer };
    return first === undefined ? problem : { ...problem, also: [{ file: path, ...lines.at(first) }] };
  });
  const value = tree === null || plain.value === null ? undefined : plain.value;
  return { path, lines, problems: [...secrets, ...plainProblems], content: { value, tree } };
}

function problemAt(
  { path, lines, code }: { readonly path: string; readonly lines: LineIndex; readonly code: ProblemCode },
  offset: number,
  message: string,
): Problem {
  return { code, message, file: path, ...lines.at(offset), pointer: '' };
}
