import { entriesArgs, parseEntry, type SnapshotEntry } from '../commands/restic-entries.ts';
import { resticFault, type ResticSubject } from '../commands/restic-fault.ts';
import { runRestic, type ResticPlace } from '../commands/restic.ts';
import type { Fault } from '../errors.ts';

/** A snapshot to be read. */
export interface EntriesOf {
  readonly place: ResticPlace;
  readonly subject: ResticSubject;
  readonly snapshot: string;
  readonly signal: AbortSignal;
}

/** Shows every entry of a snapshot, one by one; holds none of them. Gives why that could not be done. */
export async function readEntries(
  of: EntriesOf,
  take: (entry: SnapshotEntry) => void,
): Promise<Fault | undefined> {
  const result = await runRestic(of.place, {
    args: entriesArgs(of.snapshot),
    signal: of.signal,
    onStdoutLine(line) {
      const entry = parseEntry(line);
      if (entry !== undefined) take(entry);
    },
  });
  return result.code === 0 ? undefined : resticFault(result, of.subject);
}
