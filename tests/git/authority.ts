import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Certificate } from './http-git-server.ts';

/** How a server's certificate differs from a good one for 127.0.0.1. */
export interface CertificateFlaw {
  /** In openssl's words, for example `DNS:other.example`. */
  readonly name?: string;
  readonly isExpired?: boolean;
}

/** A private authority that signs certificates of servers. */
export class Authority {
  /** Its own certificate, for those who believe it. */
  readonly caFile: string;
  readonly #dir: string;
  #count = 0;

  private constructor(dir: string) {
    this.#dir = dir;
    this.caFile = join(dir, 'ca.pem');
  }

  static make(dir: string): Authority {
    mkdirSync(dir, { recursive: true });
    const authority = new Authority(dir);
    openssl(dir, [
      ...'req -x509 -nodes -days 2 -subj /CN=authority'.split(' '),
      ...KEY,
      'ca.key',
      '-out',
      'ca.pem',
    ]);
    return authority;
  }

  /** A certificate for 127.0.0.1, and its key. */
  issue(flaw: CertificateFlaw = {}): Certificate {
    this.#count += 1;
    const name = `server-${this.#count}`;
    writeFileSync(join(this.#dir, 'names'), `subjectAltName=${flaw.name ?? 'IP:127.0.0.1'}\n`);
    openssl(this.#dir, [
      ...'req -nodes -subj /CN=server'.split(' '),
      ...KEY,
      `${name}.key`,
      '-out',
      'request',
    ]);
    const sign = 'x509 -req -in request -CA ca.pem -CAkey ca.key -CAcreateserial -extfile names'.split(' ');
    this.#sign([...sign, '-out', `${name}.pem`], flaw.isExpired === true);
    const [key, cert] = [`${name}.key`, `${name}.pem`].map((file) =>
      readFileSync(join(this.#dir, file), 'utf8'),
    );
    return { key: key ?? '', cert: cert ?? '' };
  }

  #sign(words: readonly string[], isExpired: boolean): void {
    if (!isExpired) {
      openssl(this.#dir, [...words, '-days', '2']);
      return;
    }
    try {
      openssl(this.#dir, [...words, '-days', '-1']);
    } catch {
      // Since 3.4 openssl takes no negative days, and has the two ends instead.
      openssl(this.#dir, [...words, '-not_before', '20200101000000Z', '-not_after', '20200102000000Z']);
    }
  }
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-keyout'];

function openssl(cwd: string, args: readonly string[]): void {
  execFileSync('openssl', [...args], { cwd, stdio: 'pipe' });
}
