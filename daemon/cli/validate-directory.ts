import type { AllowSettings } from '../../state-schema/generated/host-settings.ts';
import { parseHostState, type HostStateResult } from '../../state-schema/parse/parse-host-state.ts';
import { listHosts, readStateDirectory } from './validate-files.ts';

/** One host of a folder, read and checked. */
export interface HostValidation {
  readonly host: string;
  readonly result: HostStateResult;
}

/** What is checked: a folder on disk that holds a state repo, pushed or not. */
export interface DirectoryToValidate {
  readonly dir: string;
  /** Only this host; by default every folder under `hosts/`. */
  readonly host?: string;
  /** What host settings allow, where they are known. */
  readonly allow?: AllowSettings;
}

/**
 * Reads and checks hosts of a state repo on disk, in the order of their names. No symbolic link below `dir` is
 * followed. Empty when there is no `hosts/` folder; rejects when a file cannot be read.
 */
export async function validateDirectory({
  dir,
  host,
  allow,
}: DirectoryToValidate): Promise<readonly HostValidation[]> {
  const hosts = host === undefined ? await listHosts(dir) : [host];
  const validations: HostValidation[] = [];
  for (const name of hosts) {
    const entries = await readStateDirectory(dir, name);
    const result = parseHostState({ host: name, entries, ...(allow === undefined ? {} : { allow }) });
    validations.push({ host: name, result });
  }
  return validations;
}
