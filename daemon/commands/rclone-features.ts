/** `rclone backend features`: asks what a remote can do. Pure. */
export function featuresArgs(destination: string): readonly string[] {
  return ['backend', 'features', destination];
}

/** Whether a remote can give an object another name; B2, S3 and Azure copy it and delete the old one. Pure. */
export function canMove(stdout: string): boolean {
  try {
    const { Features } = JSON.parse(stdout) as { readonly Features?: Readonly<Record<string, unknown>> };
    return Features?.['Move'] === true;
  } catch {
    return false;
  }
}
