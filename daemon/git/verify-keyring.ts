import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Stalled } from '../errors.ts';
import { run } from '../process/run.ts';
import { writeOwnFile } from './own-file.ts';
import { unusable, type AllowedSigners } from './verify-signers.ts';
import { isValidAt } from './verify-ssh-signers.ts';

/** No agent, no network, no user's keyring: what is in this folder is all there is, and all of it is trusted. */
const GPG_CONF = [
  'no-autostart',
  'no-auto-key-retrieve',
  'no-auto-key-locate',
  'trust-model always',
  'batch',
  'no-tty',
  '',
].join('\n');

const START_TIMEOUT_MS = 20_000;
const IMPORT_TIMEOUT_MS = 60_000;

/** What git needs to know the allowed signers and nobody else. */
export interface Keyring {
  /** `-c name=value` for git. */
  readonly options: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Makes the folder `dir` anew from the allowed signers. SSH keys that are not valid now are left out: git holds a key's
 * times against the time that the commit claims, and whoever has an old key claims what they like.
 * Throws `Stalled` when gpg is needed and missing, or does not take the keys.
 */
export async function makeKeyring(
  signers: AllowedSigners,
  place: { readonly dir: string; readonly path: string; readonly now: Date },
): Promise<Keyring> {
  const { dir } = place;
  const gnupg = join(dir, 'gnupg');
  const allowed = join(dir, 'allowed_signers');
  await rm(dir, { recursive: true, force: true });
  await mkdir(gnupg, { recursive: true, mode: 0o700 });
  if (signers.ssh.length > 0) await requireSshKeygen(place.path, dir);
  const valid = signers.ssh.filter((signer) => isValidAt(signer, place.now));
  await writeOwnFile(allowed, valid.map(({ text }) => `${text}\n`).join(''), 0o600);
  await writeOwnFile(join(gnupg, 'gpg.conf'), GPG_CONF, 0o600);
  for (const { file, text } of signers.openpgp) await importKeys(file, text, { gnupg, path: place.path });
  return {
    options: [
      ['gpg.program', signers.openpgp.length > 0 ? 'gpg' : 'false'],
      ['gpg.x509.program', 'false'],
      ['gpg.ssh.program', 'ssh-keygen'],
      ['gpg.ssh.allowedSignersFile', allowed],
      ['gpg.ssh.revocationFile', ''],
    ].flatMap(([name, value]) => (value === '' ? [] : ['-c', `${name}=${value}`])),
    // git and ssh-keygen write signatures to temporary files: into this folder, which is made anew every time.
    env: { GNUPGHOME: gnupg, TMPDIR: dir },
  };
}

/** git itself would only say of every signature that it cannot be checked. */
async function requireSshKeygen(path: string, home: string): Promise<void> {
  // Without a subcommand it says how it is used, and ends.
  const { end } = await run({
    program: 'ssh-keygen',
    args: ['-Y'],
    env: { PATH: path, HOME: home },
    timeoutMs: START_TIMEOUT_MS,
  });
  if (end !== 'not-found') return;
  throw new Stalled({
    reason: 'SignersUnusable',
    message: `the allowed signers have SSH keys, which need ssh-keygen, and it was not found on PATH (${path})`,
    next: 'apt install openssh-client',
  });
}

async function importKeys(
  file: string,
  text: string,
  place: { readonly gnupg: string; readonly path: string },
): Promise<void> {
  const { end, stdout, stderr } = await run({
    program: 'gpg',
    args: ['--homedir', place.gnupg, '--status-fd', '1', '--import'],
    env: { PATH: place.path, HOME: place.gnupg, LC_ALL: 'C.UTF-8' },
    input: text,
    timeoutMs: IMPORT_TIMEOUT_MS,
  });
  if (end === 'not-found')
    throw new Stalled(
      unusable(file, `needs gpg, which was not found on PATH (${place.path})`, 'apt install gnupg'),
    );
  if (/^\[GNUPG:\] IMPORT_OK /m.test(stdout)) return;
  const words = stderr.trim().split('\n').at(-1) ?? '';
  throw new Stalled(
    unusable(file, `holds no key that gpg takes (${words})`, `look at it: gpg --show-keys ${file}`),
  );
}
