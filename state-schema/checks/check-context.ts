import type { AllowSettings } from '../generated/host-settings.ts';
import type { Finding } from '../parse/finding.ts';
import type { MergedFiles, NamedSection } from '../parse/merge-files.ts';

/** What a check over all files of a host may look at. */
export interface CheckContext extends Pick<MergedFiles, 'state' | 'names' | 'broken'> {
  /** Name of the folder under `hosts/`. */
  readonly folder: string;
  /** Whether every file and section could be read, so that what is missing really is missing. */
  readonly isWhole: boolean;
  /** What the host settings allow, where they are known. */
  readonly allow?: AllowSettings;
}

/** One check over all files of a host. */
export type Check = (context: CheckContext) => readonly Finding[];

/** Whether a section is known completely: every file was read, and nothing in the section has a fault. */
export function isComplete({ isWhole, broken }: CheckContext, section: NamedSection): boolean {
  return isWhole && !broken.has(section);
}
