/** What must be undone, last first, however the work in between ends. (Node 20 has no AsyncDisposableStack.) */
export class Cleanups implements AsyncDisposable {
  readonly #steps: (() => unknown)[] = [];

  /** Adds a step. */
  add(step: () => unknown): void {
    this.#steps.push(step);
  }

  /** Adds the end of a resource, and returns the resource. */
  use<Resource extends AsyncDisposable>(resource: Resource): Resource {
    this.add(() => resource[Symbol.asyncDispose]());
    return resource;
  }

  /** Runs every step, also when one fails; the first failure is thrown in the end. */
  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = [];
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'not everything could be closed');
  }
}
