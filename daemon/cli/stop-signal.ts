/** An abort signal that SIGINT and SIGTERM trigger, while it is in use. */
export interface StopSignal extends Disposable {
  readonly signal: AbortSignal;
}

/**
 * Listens for SIGINT and SIGTERM. Several of them are one request to stop: a terminal sends SIGINT to a launcher and to
 * us, and the launcher may pass it on, too.
 */
export function stopSignal(): StopSignal {
  const controller = new AbortController();
  function stop(signal: NodeJS.Signals): void {
    controller.abort(signal);
  }
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}
