/** The text of a file's bytes, or where its first fault lies. */
export type DecodedText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly before: string; readonly fault: string };

/** Reads bytes as UTF-8. A byte order mark is dropped; anything that is no text is a fault, and so is a NUL. */
export function decodeText(bytes: Uint8Array): DecodedText {
  const whole = decode(bytes);
  if (whole === undefined) {
    const length = validLength(bytes);
    const byte = (bytes[length] ?? 0).toString(16).padStart(2, '0');
    return {
      ok: false,
      before: decode(bytes.subarray(0, length)) ?? '',
      fault: `byte 0x${byte} is not UTF-8`,
    };
  }
  const nul = whole.indexOf('\0');
  if (nul !== -1) return { ok: false, before: whole.slice(0, nul), fault: 'a NUL byte is not text' };
  return { ok: true, text: whole };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** How many bytes at the start are whole, valid characters: halving finds it without a decoder of our own. */
function validLength(bytes: Uint8Array): number {
  let valid = 0;
  let invalid = bytes.length;
  while (valid < invalid) {
    const middle = Math.ceil((valid + invalid) / 2);
    if (isValidStart(bytes.subarray(0, middle))) valid = middle;
    else invalid = middle - 1;
  }
  while (valid > 0 && decode(bytes.subarray(0, valid)) === undefined) valid--;
  return valid;
}

function isValidStart(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}
