import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';

/** Where Debian collects the authorities that this host trusts, those that its owner added among them. */
const COLLECTED = '/etc/ssl/certs/ca-certificates.crt';

/**
 * The authorities whose certificates are believed: those that Node brings and those of the host, so that a server whose
 * certificate every other program of the host accepts is accepted here. Undefined where the host has no collection.
 */
export async function hostAuthorities(root: string): Promise<readonly string[] | undefined> {
  try {
    return [...rootCertificates, await readFile(join(root, COLLECTED), 'utf8')];
  } catch {
    return undefined; // no such package on this host: Node's own are left
  }
}
