import type { Percent } from '../../state-schema/generated/state-file.ts';
import { parsePercent } from '../../state-schema/units.ts';
import type { TreeSize } from '../commands/rclone-mirror.ts';
import type { Fault } from '../errors.ts';

/** Without `limits.shrink`: so much smaller, and by more than this, because a small tree may well lose a fifth in a day. */
const DEFAULT_SHRINK = { share: 0.2, files: 20, bytes: 64 * 1024 * 1024 } as const;

/** A source, now and at the last good run. */
export interface SourceThen {
  /** As the state repo names it. */
  readonly path: string;
  readonly now: TreeSize;
  readonly before: TreeSize;
  /** What anchord itself moved elsewhere since. */
  readonly moved: TreeSize;
  readonly limit: Percent | undefined;
}

/** Why a source looks as if it had lost what it held; undefined when it does not. Pure. */
export function sourceShrunk(then: SourceThen): Fault | undefined {
  const { now, before, path } = then;
  const next = `look at ${path}, and bring back what is missing`;
  if (now.files === 0 && before.files > 0) {
    const message = `${path} holds no file, and held ${before.files} at the last good run: the mirror keeps them`;
    return { reason: 'SourceShrunk', message, next };
  }
  const files = lost('files', then);
  const bytes = lost('bytes', then);
  if (files === undefined && bytes === undefined) return undefined;
  const what = [files, bytes].filter((words) => words !== undefined).join(' and ');
  return { reason: 'SourceShrunk', message: `${path} has shrunk to ${what} since the last good run`, next };
}

/** In words, what a source holds less of than it may; what anchord moved is not missed. */
function lost(unit: keyof TreeSize, { now, before, moved, limit }: SourceThen): string | undefined {
  const expected = before[unit] - moved[unit];
  const loss = expected - now[unit];
  const share = limit === undefined ? DEFAULT_SHRINK.share : parsePercent(limit);
  const most = Math.max(share * expected, limit === undefined ? DEFAULT_SHRINK[unit] : 0);
  return loss > most ? `${now[unit]} of ${expected} ${unit}` : undefined;
}
