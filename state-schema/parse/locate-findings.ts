import type { Position, Problem } from '../problem.ts';
import { toPointer, type Finding, type ValuePath } from './finding.ts';
import type { FileContent, ReadFile } from './read-state-file.ts';
import { indexOffsets, type ValueOffsets } from './value-offsets.ts';

/** Looks up where in their files findings stand. A file's tree is walked at most once, and only when it is asked for. */
export class Locator {
  readonly #files: ReadonlyMap<string, ReadFile>;
  readonly #offsets = new Map<string, ReadonlyMap<string, ValueOffsets>>();

  constructor(files: readonly ReadFile[]) {
    this.#files = new Map(files.map((file) => [file.path, file]));
  }

  /** The position of a key or a value of a file; of the nearest thing around it when it is not there itself. */
  locate(path: string, at: ValuePath, on: 'key' | 'value'): Position {
    const file = this.#files.get(path);
    if (file?.content === undefined) return { file: path, line: 1, column: 1 };
    const offsets = this.#offsetsOf(path, file.content);
    for (let length = at.length; length >= 0; length--) {
      const found = offsets.get(toPointer(at.slice(0, length)));
      if (found !== undefined) return { file: path, ...file.lines.at(found[on]) };
    }
    return { file: path, line: 1, column: 1 };
  }

  /** A finding of one file as a problem. */
  toProblem(path: string, finding: Finding, also: readonly Position[] = []): Problem {
    const { code, at, on, message, found, expected, nearest } = finding;
    return {
      code,
      ...this.locate(path, at, on),
      pointer: toPointer(at),
      message: nearest === undefined ? message : `${message}. Did you mean ${nearest}?`,
      ...(found === undefined ? {} : { found }),
      ...(expected === undefined ? {} : { expected }),
      ...(nearest === undefined ? {} : { nearest }),
      ...(also.length === 0 ? {} : { also }),
    };
  }

  #offsetsOf(path: string, content: FileContent): ReadonlyMap<string, ValueOffsets> {
    const known = this.#offsets.get(path);
    if (known !== undefined) return known;
    const offsets = indexOffsets(content.tree);
    this.#offsets.set(path, offsets);
    return offsets;
  }
}
