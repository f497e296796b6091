import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inShort, problemsWith } from './state-files.ts';

/** A state file with something wrong in it, added to the small host as `hosts/nas/more.yaml`. */
export interface Fault {
  readonly name: string;
  readonly yaml: string;
  /** `line:column code` of each problem, in order; with the name of the file where that is not more.yaml. */
  readonly at: readonly string[];
  /** What the first message says. */
  readonly says: RegExp;
}

/** One test for each fault: exactly these problems, at exactly these places. */
export function testFaults(faults: readonly Fault[]): void {
  for (const { name, yaml, at, says } of faults) {
    test(name, () => {
      const problems = problemsWith(yaml);

      const places = problems.map(inShort).map((place) => place.replace(/^hosts\/nas\/(?:more\.yaml:)?/, ''));
      assert.deepEqual(places, at);
      assert.match(problems[0]?.message ?? '', says);
    });
  }
}
