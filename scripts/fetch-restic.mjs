// Brings another restic than the installed one: hosts run Debian 12's 0.14 and Debian 13's 0.18, which say the same
// things in different words.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runQuietly, runShown } from './run-program.mjs';
import { unpackedProgram, unpackPackage } from './unpack-package.mjs';

const SUITE = 'trixie';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * Where it lies when it was fetched. tests/policies/other-restic.ts looks there, too.
 *
 * @param {string} root the repository
 * @returns {string}
 */
export function newerResticFile(root) {
  return unpackedProgram(root, 'restic-newer', 'restic');
}

/**
 * Downloads the package of Debian 13 from wherever this machine gets its Debian packages, and takes it apart; nothing is
 * installed, and apt's own lists stay as they are.
 *
 * @param {string} root the repository
 * @returns {Promise<boolean>} false: no apt, no Debian, not reached, or it failed
 */
export async function fetchNewerRestic(root) {
  return (await unpackPackage(root, 'restic-newer', download)) && existsSync(newerResticFile(root));
}

/**
 * @param {string} cwd where to
 * @returns {Promise<boolean>}
 */
async function download(cwd) {
  const archive = await debianArchive();
  if (archive === undefined || !existsSync(KEYRING)) return false;
  for (const folder of ['state', 'lists/partial', 'cache/archives/partial'])
    mkdirSync(join(cwd, folder), { recursive: true });
  writeFileSync(join(cwd, 'sources.list'), `deb [signed-by=${KEYRING}] ${archive} ${SUITE} main\n`);
  const options = [
    `Dir::Etc::SourceList=${join(cwd, 'sources.list')}`,
    'Dir::Etc::SourceParts=/dev/null',
    'Dir::Etc::PreferencesParts=/dev/null',
    `Dir::State=${join(cwd, 'state')}`,
    `Dir::State::Lists=${join(cwd, 'lists')}`,
    `Dir::Cache=${join(cwd, 'cache')}`,
    // The folder belongs to whoever runs the tests, and apt's own user cannot enter it.
    `APT::Sandbox::User=${process.getuid?.() === 0 ? 'root' : ''}`,
  ].flatMap((option) => ['-o', option]);
  return (
    (await runShown('apt-get', [...options, 'update', '-q'], { cwd })) &&
    (await runShown('apt-get', [...options, 'download', '-q', 'restic'], { cwd }))
  );
}

/** @returns {Promise<string | undefined>} the address that this machine has Debian from */
async function debianArchive() {
  const args = ['indextargets', '--format', '$(ORIGIN)|$(REPO_URI)', 'Created-By: Packages'];
  const { output } = await runQuietly('apt-get', args, { cwd: '/', waiting: 'asking apt where Debian is' });
  const lines = output.split('\n').map((line) => line.split('|'));
  return lines.find(
    ([origin, uri]) => origin === 'Debian' && uri !== undefined && !/security/.test(uri),
  )?.[1];
}
