import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ABOVE = fileURLToPath(new URL('../..', import.meta.url));

/** The built program: beside the built tests, or below the sources, which Playwright runs as they are. */
export const MAIN: string =
  [join(ABOVE, 'daemon/main.js'), join(ABOVE, 'dist/daemon/main.js')].find(existsSync) ?? '';
