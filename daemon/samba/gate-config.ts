import { join } from 'node:path';
import { compareDump, type DumpFault } from './compare-dump.ts';
import { withBlock } from './marked-block.ts';
import { renderConfig } from './render-config.ts';
import { replaceFile } from './replace-file.ts';
import type { SambaPlace } from './samba-place.ts';
import type { SmbConfig } from './smb-config.ts';
import { readConfig } from './testparm.ts';
import { unsafeSection } from './unsafe-section.ts';

/** Whether Samba would read a configuration as it is meant. */
export type GateVerdict =
  | { readonly kind: 'passed' }
  | { readonly kind: 'refused'; readonly faults: readonly DumpFault[] };

/** The host's own part, as it is when anchord's block is taken out. */
export interface UserPart {
  readonly userPart: string;
  /** What testparm complains of there already, which is nobody's business here. */
  readonly userComplaints: ReadonlySet<string>;
}

/**
 * Lets testparm read a configuration together with the host's own part, staged in anchord's own folder, and compares
 * what it read with what is meant. Its exit status is not enough: it is 0 for an empty file, a misspelt `fruit:` option,
 * an include that is missing and a section that merges with another.
 */
export async function gateConfig(
  config: SmbConfig,
  { userPart, userComplaints }: UserPart,
  place: SambaPlace,
): Promise<GateVerdict> {
  const unsafe = config.shares.flatMap((section): DumpFault[] => {
    const why = unsafeSection(section);
    return why === undefined ? [] : [{ share: section.name, message: why }];
  });
  if (unsafe.length > 0) return { kind: 'refused', faults: unsafe };
  const own = join(place.dir, 'staged-anchord.conf');
  const block = withBlock(userPart, own);
  if (block.kind === 'refused') return { kind: 'refused', faults: [{ message: block.message }] };
  const main = join(place.dir, 'staged-smb.conf');
  await replaceFile(own, utf8(renderConfig(config)), { mode: 0o600 });
  await replaceFile(main, block.text, { mode: 0o600 });
  const read = await readConfig(main, place);
  if (read.kind === 'unreadable') return { kind: 'refused', faults: [{ message: read.message }] };
  const complaints = read.complaints
    .filter((complaint) => !userComplaints.has(complaint))
    .map((complaint) => ({ message: `testparm: ${complaint}` }));
  const faults = [...complaints, ...compareDump(config, read.dump)];
  return faults.length === 0 ? { kind: 'passed' } : { kind: 'refused', faults };
}

/** A text as its bytes, one letter each. */
export function utf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
