import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Options that make git sign as somebody. */
export type SignAs = readonly string[];

/** Keys of people who sign commits, made by the real ssh-keygen and gpg, each in a folder of its own. */
export class SigningKeys implements Disposable {
  readonly dir: string;
  readonly #gpgHomes: string[] = [];

  constructor() {
    this.dir = mkdtempSync(join(tmpdir(), 'anchord-keys-'));
  }

  /** A new SSH key. `line` is how an allowed-signers file names it. */
  ssh(name: string): { readonly as: SignAs; readonly line: string; readonly file: string } {
    const file = join(this.dir, name);
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file]);
    const [type = '', key = ''] = readFileSync(`${file}.pub`, 'utf8').split(' ');
    return {
      as: ['-c', 'gpg.format=ssh', '-c', `user.signingkey=${file}`],
      line: `${name}@example.org ${type} ${key}`,
      file,
    };
  }

  /** A new OpenPGP key. `at`: the time that its owner's clock shows, when it is made and whenever it signs. */
  gpg(name: string, at?: string): { readonly as: SignAs; readonly armored: string; readonly home: string } {
    const home = join(this.dir, `${name}.gnupg`);
    mkdirSync(home, { mode: 0o700 });
    this.#gpgHomes.push(home);
    const time = at === undefined ? [] : ['--faked-system-time', at];
    const gpg = ['--homedir', home, '--batch', '--quiet', ...time];
    const id = `${name} <${name}@example.org>`;
    const options = { stdio: ['ignore', 'pipe', 'ignore'] as ['ignore', 'pipe', 'ignore'] };
    execFileSync(
      'gpg',
      [...gpg, '--passphrase', '', '--quick-gen-key', id, 'ed25519', 'sign', '2d'],
      options,
    );
    const armored = execFileSync('gpg', [...gpg, '--armor', '--export'], options).toString();
    const program = join(this.dir, `gpg-of-${name}`);
    writeFileSync(program, `#!/bin/sh\nexec gpg --homedir '${home}' ${time.join(' ')} "$@"\n`);
    chmodSync(program, 0o755);
    return {
      as: [
        '-c',
        'gpg.format=openpgp',
        '-c',
        `gpg.program=${program}`,
        '-c',
        `user.signingkey=${name}@example.org`,
      ],
      armored,
      home,
    };
  }

  /** The public key of a home, revoked by its owner, armored. gpg writes the revocation when it makes the key. */
  revoked(home: string): string {
    const folder = join(home, 'openpgp-revocs.d');
    const [name = ''] = readdirSync(folder);
    const text = readFileSync(join(folder, name), 'utf8').replace(/^:-----BEGIN/m, '-----BEGIN');
    const file = join(home, 'revocation.asc');
    writeFileSync(file, text);
    const gpg = ['--homedir', home, '--batch', '--quiet'];
    execFileSync('gpg', [...gpg, '--import', file], { stdio: 'ignore' });
    return execFileSync('gpg', [...gpg, '--armor', '--export']).toString();
  }

  /** Writes a file that says who may sign, as root would. */
  allow(name: string, ...texts: readonly string[]): string {
    const file = join(this.dir, name);
    writeFileSync(file, `${texts.join('\n')}\n`, { mode: 0o644 });
    return file;
  }

  [Symbol.dispose](): void {
    for (const home of this.#gpgHomes) execFileSync('gpgconf', ['--homedir', home, '--kill', 'gpg-agent']);
    rmSync(this.dir, { recursive: true, force: true });
  }
}
