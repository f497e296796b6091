// `npm start` and `npm run -s anchord -- COMMAND`: installs and builds what is missing, then runs the command.
//
// The command runs in this very process. A child would need every signal forwarded to it, and would get a Ctrl-C
// twice: once from the terminal, which signals the whole process group, and once from the parent.
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compileDaemon } from './build.mjs';
import { isBuilt } from './build-stamp.mjs';
import { arePackagesInstalled, installPackages } from './install-packages.mjs';
import { nodeProblem } from './node-version.mjs';
import { withLock } from './with-lock.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const problem = nodeProblem() ?? (await prepare());

if (problem === undefined) {
  const main = join(root, 'dist/daemon/main.js');
  process.argv = [process.execPath, main, ...process.argv.slice(2)];
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(main).href);
} else {
  console.error(problem);
  process.exitCode = 1;
}

/** @returns {Promise<string | undefined>} what went wrong, for a person */
async function prepare() {
  if (arePackagesInstalled(root) && isBuilt(root)) return undefined;
  return withLock(root, async () => {
    if (!arePackagesInstalled(root)) {
      const installed = await installPackages(root);
      if (!installed.ok) return installed.message;
    }
    return isBuilt(root) ? undefined : compileDaemon(root);
  });
}
