import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenRun, Store } from '../../daemon/store/store.ts';
import type { Run } from '../../state-schema/generated/status.ts';

/** Opens the same store each time it is given the same folder. */
export type OpenStore = (folder: string) => Promise<Store>;

/** Runs a test with a store that it may open again and again. */
export async function inFolder(
  open: OpenStore,
  body: (reopen: () => Promise<Store>) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'anchord-store-'));
  try {
    await body(() => open(folder));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** So many minutes after midnight of 2026-11-21. */
export function at(minute: number): string {
  return `${new Date(Date.UTC(2026, 10, 21, 0, minute)).toISOString().slice(0, 19)}Z`;
}

/** A run that has begun. */
export function openRun(id: string, policy: string): OpenRun {
  return { id, policy, trigger: 'schedule', scheduledFor: at(0), startedAt: at(0) };
}

/** A run that has ended. */
export function endedRun(id: string, policy: string, rest: Partial<Run>): Run {
  return { ...openRun(id, policy), endedAt: at(1), outcome: 'ok', ...rest };
}

/** What rows are called. */
export function ids(rows: readonly { readonly id: string }[]): readonly string[] {
  return rows.map((row) => row.id);
}
