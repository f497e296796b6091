/** Milliseconds that `work` takes. */
export async function timeIt(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

/** The middle one of several measurements of `work`, in milliseconds: one hiccup of the machine does not count. */
export async function medianTime(times: number, work: () => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let time = 0; time < times; time += 1) taken.push(await timeIt(work));
  return medianOf(taken);
}

/** The middle value; of an even number of values the lower middle one. */
export function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}
