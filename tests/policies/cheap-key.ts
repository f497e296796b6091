import { createCipheriv, createDecipheriv, createHash, randomBytes, scryptSync } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A key file of restic: https://restic.readthedocs.io/en/stable/100_references.html#keys-encryption-and-mac */
interface KeyFile {
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly salt: string;
  readonly data: string;
}

/** The three keys that a password makes. */
interface Keys {
  readonly encrypt: Buffer;
  readonly mac: Buffer;
  readonly poly: Buffer;
}

const IV_BYTES = 16;
const MAC_BYTES = 16;
const CHEAP = { N: 2, r: 1, p: 1 };

/**
 * Wraps the master key of a restic repository anew, so that its password is checked in no time instead of half a second.
 * A test that calls restic hundreds of times needs that; the repository is otherwise what restic made.
 */
export async function makeKeyCheap(repository: string, password: string): Promise<void> {
  const folder = join(repository, 'keys');
  const [name] = await readdir(folder);
  if (name === undefined) throw new Error(`${folder} has no key`);
  const key = JSON.parse(await readFile(join(folder, name), 'utf8')) as KeyFile;
  const salt = Buffer.from(key.salt, 'base64');
  const { N, r, p } = key;
  const master = open(Buffer.from(key.data, 'base64'), keysOf(password, salt, { N, r, p }));
  const data = seal(master, keysOf(password, salt, CHEAP)).toString('base64');
  const text = JSON.stringify({ ...key, ...CHEAP, data });
  await writeFile(join(folder, createHash('sha256').update(text).digest('hex')), text);
  await rm(join(folder, name));
}

function keysOf(password: string, salt: Buffer, cost: typeof CHEAP): Keys {
  const bytes = scryptSync(password, salt, 64, { ...cost, maxmem: 2 ** 30 });
  return { encrypt: bytes.subarray(0, 32), mac: bytes.subarray(32, 48), poly: bytes.subarray(48, 64) };
}

function open(sealed: Buffer, keys: Keys): Buffer {
  const iv = sealed.subarray(0, IV_BYTES);
  const text = sealed.subarray(IV_BYTES, -MAC_BYTES);
  if (!macOf(iv, text, keys).equals(sealed.subarray(-MAC_BYTES))) throw new Error('the password is wrong');
  const cipher = createDecipheriv('aes-256-ctr', keys.encrypt, iv);
  return Buffer.concat([cipher.update(text), cipher.final()]);
}

function seal(plain: Buffer, keys: Keys): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-ctr', keys.encrypt, iv);
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, text, macOf(iv, text, keys)]);
}

/** Poly1305-AES, as https://cr.yp.to/mac.html has it. */
function macOf(iv: Buffer, text: Buffer, keys: Keys): Buffer {
  const prime = (1n << 130n) - 5n;
  const cipher = createCipheriv('aes-128-ecb', keys.mac, null);
  cipher.setAutoPadding(false);
  const nonce = littleEndian(Buffer.concat([cipher.update(iv), cipher.final()]));
  const factor = littleEndian(keys.poly) & 0x0ffffffc0ffffffc0ffffffc0fffffffn;
  let sum = 0n;
  for (let at = 0; at < text.length; at += 16) {
    const chunk = text.subarray(at, at + 16);
    sum = ((sum + littleEndian(chunk) + (1n << BigInt(8 * chunk.length))) * factor) % prime;
  }
  const mac = (sum + nonce) & ((1n << 128n) - 1n);
  return Buffer.from(mac.toString(16).padStart(32, '0'), 'hex').reverse();
}

function littleEndian(bytes: Buffer): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}
