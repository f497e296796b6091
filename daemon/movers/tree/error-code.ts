/** The code of a system error, such as ENOENT; undefined for anything else that was thrown. Pure. */
export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
