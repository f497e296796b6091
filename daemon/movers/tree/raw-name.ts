/**
 * The name of a directory entry, byte for byte: one character per byte (latin1), because names on disk need not be
 * UTF-8 and a decoded name may be that of another entry.
 */
export type RawName = string;

/** The bytes of a raw name. Pure. */
export function rawBytes(name: RawName): Buffer {
  return Buffer.from(name, 'latin1');
}

/** The raw name of a text. Pure. */
export function rawName(text: string): RawName {
  return Buffer.from(text).toString('latin1');
}

/**
 * A raw name as text. No two names have the same text: one that is not UTF-8, or that looks as if it were one of those,
 * carries its bytes. Pure.
 */
export function nameText(name: RawName): string {
  const text = rawBytes(name).toString('utf8');
  return text.includes('\ufffd') ? `${text} (bytes ${rawBytes(name).toString('hex')})` : text;
}

/** Whether an entry at the top of a tree belongs to anchord, to Samba or to the disk itself. Pure. */
export function isKeptName(name: RawName): boolean {
  return isOwnName(name) || name === '.recycle' || name === 'lost+found';
}

/** Whether a raw name is one of anchord's own, which no mover touches. Pure. */
export function isOwnName(name: RawName): boolean {
  return name.startsWith('.anchord-');
}
