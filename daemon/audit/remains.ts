/**
 * Whether bytes may be what a power cut or a full disk left of writing `wanted`: its beginning, with zeros where nothing had
 * reached the disk. Pure.
 */
export function isRemains(found: Uint8Array, wanted: Uint8Array): boolean {
  return found.length <= wanted.length && found.every((byte, index) => byte === 0 || byte === wanted[index]);
}
