/** One figure, held against another that was measured in the same run on the same machine. */
export interface Measurement {
  /** Which of a bench's figures this is, when it has several. */
  readonly what?: string;
  readonly value: number;
  /** Unit of `value` and of `baselineValue`. */
  readonly unit: string;
  /** What `value` is compared with, in words. */
  readonly baseline: string;
  readonly baselineValue: number;
  /** `value / baselineValue`: machines differ, a ratio travels. */
  readonly ratio: number;
  /** Whether the goal is met. A figure, not a verdict: a missed goal does not fail the run. */
  readonly ok: boolean;
}

/** Something that has a goal for how fast it is. */
export interface Bench {
  /** Short, for the command line: `parse`. */
  readonly name: string;
  /** One sentence that can turn out false. */
  readonly goal: string;
  /** Measures, and leaves nothing behind. */
  readonly run: () => Promise<readonly Measurement[]>;
}
