import { createHash } from 'node:crypto';

/** One line of an OpenSSH allowed-signers file. */
export interface SshSigner {
  /** The line as it stands in the file. */
  readonly text: string;
  /** Who the key belongs to, as the file says. */
  readonly principals: string;
  /** `SHA256:…`, as ssh-keygen prints it. */
  readonly fingerprint: string;
  readonly validAfter?: Date;
  readonly validBefore?: Date;
}

/** What is wrong with a line, for a person. */
export interface SignerFault {
  readonly line: number;
  readonly message: string;
}

const OPTIONS = /^(?:[^\s"]|"(?:[^"\\]|\\.)*")+/;
/** sshd(8): options apart by commas, each value in quotes. */
const WHOLE_OPTIONS = /^(?:[a-z-]+(?:="(?:[^"\\]|\\.)*")?(?:,(?=.)|$))*$/i;
const KEY_TYPE = /^(?:sk-)?(?:ssh|ecdsa)-[a-z0-9@.-]+$/;

/**
 * Reads an allowed-signers file (ssh-keygen(1), ALLOWED SIGNERS): `principals [options] keytype key`. ssh-keygen itself
 * passes over a line that it cannot read, so that nobody would learn why a signer is not let in. Pure.
 */
export function parseSshSigners(text: string): {
  readonly signers: readonly SshSigner[];
  readonly faults: readonly SignerFault[];
} {
  const signers: SshSigner[] = [];
  const faults: SignerFault[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const parsed = parseLine(line);
    if (typeof parsed === 'string') faults.push({ line: index + 1, message: parsed });
    else signers.push(parsed);
  }
  return { signers, faults };
}

/** Whether a key is valid at a time. Pure. */
export function isValidAt({ validAfter, validBefore }: SshSigner, time: Date): boolean {
  if (validAfter !== undefined && time < validAfter) return false;
  return validBefore === undefined || time < validBefore;
}

function parseLine(line: string): SshSigner | string {
  const principals = OPTIONS.exec(line)?.[0];
  if (principals === undefined) return 'does not begin with who may sign, for example anna@example.org';
  const words = splitOptions(line.slice(principals.length).trim());
  const { options, type, key } = words;
  if (type === undefined || key === undefined)
    return 'is not "principals [options] keytype key", as ssh-keygen(1) describes it under ALLOWED SIGNERS';
  const blob = Buffer.from(key, 'base64');
  if (!isKeyOf(blob, type)) return `holds no key of type ${type}`;
  const times = parseOptions(options);
  if (typeof times === 'string') return times;
  const fingerprint = `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
  return { text: line, principals: principals.replaceAll('"', ''), fingerprint, ...times };
}

function splitOptions(rest: string): {
  readonly options: string;
  readonly type: string | undefined;
  readonly key: string | undefined;
} {
  const first = OPTIONS.exec(rest)?.[0] ?? '';
  const hasOptions = !KEY_TYPE.test(first);
  const [type, key] = (hasOptions ? rest.slice(first.length).trim() : rest).split(/\s+/);
  return {
    options: hasOptions ? first : '',
    type: type !== undefined && KEY_TYPE.test(type) ? type : undefined,
    key,
  };
}

/** A public key begins with its own type, after four bytes that say how long that is (RFC 4253, section 6.6). */
function isKeyOf(blob: Buffer, type: string): boolean {
  const named = Buffer.alloc(4);
  named.writeUInt32BE(type.length);
  return (
    blob.length > type.length + 4 &&
    blob.subarray(0, type.length + 4).equals(Buffer.concat([named, Buffer.from(type)]))
  );
}

function parseOptions(options: string): Pick<SshSigner, 'validAfter' | 'validBefore'> | string {
  const times: { validAfter?: Date; validBefore?: Date } = {};
  if (!WHOLE_OPTIONS.test(options))
    return 'has options that ssh-keygen does not read; expected is name="value",…';
  for (const [, name = '', value = ''] of options.matchAll(/([a-z-]+)(?:="((?:[^"\\]|\\.)*)")?(?:,|$)/gi)) {
    const option = name.toLowerCase();
    if (option === 'cert-authority' || option === 'namespaces') continue;
    if (option !== 'valid-after' && option !== 'valid-before') return `has the unknown option ${name}`;
    const time = parseTime(value);
    if (time === undefined)
      return `has ${name}="${value}", which is not YYYYMMDD or YYYYMMDDHHMM[SS], with Z for UTC`;
    times[option === 'valid-after' ? 'validAfter' : 'validBefore'] = time;
  }
  return times;
}

/** ssh-keygen's times: in the zone of this host unless they end with Z. */
function parseTime(text: string): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(Z)?$/i.exec(text);
  if (parts === null) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const time =
    parts[7] === undefined
      ? new Date(year, month - 1, day, hour, minute, second)
      : new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  return Number.isNaN(time.getTime()) ? undefined : time;
}
