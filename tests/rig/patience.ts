/**
 * How long a test waits for anything before it fails: a daemon that hangs must be found, a machine that is slow, loaded or
 * asleep for a while must not. Nothing that goes well ever takes it. Milliseconds.
 */
export const PATIENCE_MS = 240_000;
