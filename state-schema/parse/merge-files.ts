import type { HostState } from '../host-state.ts';
import { quote } from '../quote.ts';
import type { Finding, ValuePath } from './finding.ts';

/** The sections of a state file that are maps by name. */
export const NAMED_SECTIONS = [
  'volumes',
  'directories',
  'links',
  'users',
  'shares',
  'remotes',
  'secrets',
  'policies',
  'sources',
  'clients',
] as const;

/** A section of a state file that is a map by name. */
export type NamedSection = (typeof NAMED_SECTIONS)[number];

/** One file that was read, and what the schema says of it. */
export interface CheckedFile {
  readonly path: string;
  /** Undefined for an empty file. */
  readonly value: unknown;
  readonly findings: readonly Finding[];
}

/** The host as far as its files are valid: `host` may be missing, and what has a fault is left out. */
export type PartialHostState = Omit<HostState, 'host'> & Partial<Pick<HostState, 'host'>>;

/** Which file a value of the merged state stands in, and where there. */
export interface Origin {
  readonly path: string;
  readonly at: ValuePath;
}

/** All files of a host as one. */
export interface MergedFiles {
  readonly state: PartialHostState;
  /** Names that the files declare, also those whose description has a fault. */
  readonly names: Readonly<Record<NamedSection, ReadonlySet<string>>>;
  /** Sections with a named thing that has a fault: nothing can be concluded from what the state lacks there. */
  readonly broken: ReadonlySet<string>;
  /** Where each named thing, list entry and single section stands, by the first two keys of its path. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** What stands in two files, each with where it stands again. */
  readonly doubles: readonly { readonly again: Origin; readonly first: Origin; readonly message: string }[];
}

/** Merges files in path order: maps by name, lists one after the other, `host` and `catcher` from one file. */
export function mergeFiles(files: readonly CheckedFile[]): MergedFiles {
  const merging = startMerging();
  for (const file of files) {
    if (typeof file.value !== 'object' || file.value === null || Array.isArray(file.value)) continue;
    const broken = brokenPlaces(file.findings);
    for (const [section, value] of Object.entries(file.value)) {
      mergeSection(merging, { path: file.path, section, value, broken });
    }
  }
  const { sections, single, notify, names, broken, origins, doubles } = merging;
  // The schema has checked every value that is not in `broken`, and only those are in the maps.
  const state = { ...sections, ...single, notify } as unknown as PartialHostState;
  return { state, names, broken, origins, doubles };
}

/** The key of `origins` for a value of the merged state. */
export function originKey(at: ValuePath): string {
  const [section, name] = at;
  return section === 'host' || section === 'catcher' || name === undefined
    ? String(section)
    : `${section}\n${name}`;
}

interface Merging {
  readonly sections: Record<NamedSection, Record<string, unknown>>;
  readonly single: { host?: unknown; catcher?: unknown };
  readonly notify: unknown[];
  readonly names: Record<NamedSection, Set<string>>;
  readonly broken: Set<string>;
  readonly origins: Map<string, Origin>;
  readonly doubles: { again: Origin; first: Origin; message: string }[];
}

function startMerging(): Merging {
  const sections = {} as Merging['sections'];
  const names = {} as Merging['names'];
  for (const section of NAMED_SECTIONS) {
    sections[section] = Object.create(null) as Record<string, unknown>;
    names[section] = new Set();
  }
  return { sections, single: {}, notify: [], names, broken: new Set(), origins: new Map(), doubles: [] };
}

interface SectionOfFile {
  readonly path: string;
  readonly section: string;
  readonly value: unknown;
  readonly broken: ReadonlySet<string>;
}

function mergeSection(merging: Merging, part: SectionOfFile): void {
  const { section, value, broken } = part;
  if (broken.has(section)) merging.broken.add(section);
  if (section === 'host' || section === 'catcher') {
    mergeSingle(merging, part, section);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (section === 'notify') {
    mergeList(merging, part);
    return;
  }
  const named = NAMED_SECTIONS.find((name) => name === section);
  if (named !== undefined && !Array.isArray(value)) mergeNamed(merging, part, named);
}

function mergeSingle(merging: Merging, part: SectionOfFile, section: 'host' | 'catcher'): void {
  const isNew = claim(merging, [section], { path: part.path, at: [section] });
  if (!isNew) return;
  const hasFault = [...part.broken].some((place) => place === section || place.startsWith(`${section}\n`));
  if (hasFault) merging.broken.add(section);
  else merging.single[section] = part.value;
}

function mergeNamed(merging: Merging, part: SectionOfFile, section: NamedSection): void {
  for (const [name, value] of Object.entries(part.value as object)) {
    const isNew = claim(merging, [section, name], { path: part.path, at: [section, name] });
    merging.names[section].add(name);
    if (part.broken.has(`${section}\n${name}`)) merging.broken.add(section);
    else if (isNew) merging.sections[section][name] = value;
  }
}

function mergeList(merging: Merging, part: SectionOfFile): void {
  if (!Array.isArray(part.value)) return;
  for (const [index, value] of part.value.entries()) {
    if (part.broken.has(`notify\n${index}`)) {
      merging.broken.add('notify');
      continue;
    }
    merging.origins.set(originKey(['notify', merging.notify.length]), {
      path: part.path,
      at: ['notify', index],
    });
    merging.notify.push(value);
  }
}

/** Notes where something stands; false when it stood somewhere before. */
function claim(merging: Merging, at: ValuePath, origin: Origin): boolean {
  const key = originKey(at);
  const first = merging.origins.get(key);
  if (first === undefined) {
    merging.origins.set(key, origin);
    return true;
  }
  const what =
    at.length === 1
      ? `${at[0]} stands in two files`
      : `${quote(String(at[1]))} under ${at[0]} stands in two files`;
  merging.doubles.push({ again: origin, first, message: `${what}, also in ${first.path}; keep one of them` });
  return false;
}

/** Sections and named things with a fault. An unknown key alone breaks nothing: the rest of the thing stands. */
function brokenPlaces(findings: readonly Finding[]): ReadonlySet<string> {
  const broken = new Set<string>();
  for (const { code, at } of findings) {
    if (code === 'unknown-key') continue;
    const [section, name] = at;
    if (section === undefined) continue;
    broken.add(name === undefined ? String(section) : `${section}\n${name}`);
  }
  return broken;
}
