/** The first rclone that can ask B2 for it. */
export const LIFECYCLE_SINCE = { major: 1, minor: 65 } as const;

/** A rule of a B2 bucket: how long versions of objects whose names begin with `prefix` are kept once they are hidden. */
export interface LifecycleRule {
  readonly prefix: string;
  /** Undefined: for ever. */
  readonly daysHidden: number | undefined;
}

/** `rclone backend lifecycle`: asks for the rules of a B2 bucket, and changes none. Pure. */
export function lifecycleArgs(bucket: string): readonly string[] {
  return ['backend', 'lifecycle', bucket];
}

/** The rules that `rclone backend lifecycle` printed; undefined for anything else. Pure. */
export function parseLifecycle(stdout: string): readonly LifecycleRule[] | undefined {
  try {
    const rules: unknown = JSON.parse(stdout);
    return Array.isArray(rules) ? rules.map(ruleOf) : undefined;
  } catch {
    return undefined;
  }
}

function ruleOf(rule: unknown): LifecycleRule {
  const { fileNamePrefix, daysFromHidingToDeleting } = rule as Readonly<Record<string, unknown>>;
  return {
    prefix: typeof fileNamePrefix === 'string' ? fileNamePrefix : '',
    daysHidden: typeof daysFromHidingToDeleting === 'number' ? daysFromHidingToDeleting : undefined,
  };
}
