/** Name of the file at a volume's top that says which volume it is. */
export const SENTINEL_NAME = '.anchord-volume';

/** What the sentinel holds: written once, by a person, root-owned, 0444. */
export interface Sentinel {
  readonly volume: string;
  /** Random, made at adoption, and remembered in the state directory. */
  readonly id: string;
  readonly host: string;
}

/** Larger than any sentinel; a bigger file is somebody else's. Bytes. */
export const SENTINEL_LIMIT = 4096;

/** Reads a sentinel's text; undefined when it is not one. */
export function parseSentinel(text: string): Sentinel | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { volume, id, host } = value as Record<string, unknown>;
  if (typeof volume !== 'string' || typeof id !== 'string' || typeof host !== 'string') return undefined;
  return { volume, id, host };
}

/** The text of a sentinel. */
export function sentinelText(sentinel: Sentinel): string {
  return `${JSON.stringify({ volume: sentinel.volume, id: sentinel.id, host: sentinel.host })}\n`;
}
