/** Runs tasks one after the other, in the order they were given; one that fails does not stop the next. */
export class InTurn {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `task` when all earlier ones have ended. */
  run<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(task, task);
    this.#last = result;
    return result;
  }
}
