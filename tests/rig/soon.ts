import { pause } from './pause.ts';
import { PATIENCE_MS } from './patience.ts';

/** Waits until something is so that nobody tells of. `what`: how to say what was waited for. */
export async function soon(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await pause();
  }
}
