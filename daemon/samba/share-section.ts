import type { ShareWant } from './share-want.ts';
import type { Parameter, ShareSection } from './smb-config.ts';

const DATA_MODES: readonly Parameter[] = [
  ['create mask', '0664'],
  ['force create mode', '0660'],
  ['directory mask', '02775'],
  ['force directory mode', '02770'],
];
/** A backup of a Mac is its owner's alone. */
const BACKUP_MODES: readonly Parameter[] = [
  ['create mask', '0600'],
  ['force create mode', '0600'],
  ['directory mask', '0700'],
  ['force directory mode', '0700'],
];
/** Said in each section, because the host's own `[global]` may have other defaults. */
const CLOSED: readonly Parameter[] = [
  ['guest ok', 'No'],
  ['guest only', 'No'],
  ['admin users', ''],
  ['force user', ''],
  ['follow symlinks', 'No'],
  ['wide links', 'No'],
  ['msdfs root', 'No'],
  ['preexec', ''],
  ['postexec', ''],
  ['root postexec', ''],
  // With it, whoever removes a directory would remove what is hidden in it too.
  ['delete veto files', 'No'],
];
/** Attributes of DOS belong in extended attributes, not into the execute bits. */
const ATTRIBUTES: readonly Parameter[] = [
  ['map archive', 'No'],
  ['map hidden', 'No'],
  ['map system', 'No'],
  ['map readonly', 'no'],
];

/** How a share is served. */
export interface ShareService {
  /** False while its volume or directory is not in order: Samba then refuses every new connection. */
  readonly isUp: boolean;
  /** The guard program, which smbd runs as root before each connection. */
  readonly guard: string;
}

/** The section of one share. Pure. */
export function shareSection(want: ShareWant, { isUp, guard }: ShareService): ShareSection {
  return {
    name: want.name,
    parameters: [
      ['path', want.path],
      ['available', isUp ? 'Yes' : 'No'],
      ['read only', 'Yes'],
      ['valid users', [...want.writers, ...want.readers].join(' ')],
      ['write list', want.writers.join(' ')],
      ['read list', want.readers.join(' ')],
      ['force group', want.group === undefined ? '' : `+${want.group}`],
      ...CLOSED,
      ['veto files', vetoList(want.hidden)],
      ['root preexec', `/bin/sh ${guard} ${want.volume}`],
      ['root preexec close', 'Yes'],
      ...(want.timeMachine === undefined ? DATA_MODES : BACKUP_MODES),
      ...ATTRIBUTES,
      // A share's own list replaces the global one, so it repeats it.
      ['vfs objects', want.recycle ? 'catia fruit recycle streams_xattr' : 'catia fruit streams_xattr'],
      ...recycleOf(want),
      ...timeMachineOf(want),
    ],
  };
}

/**
 * Samba hides by name, wherever it stands in a share: a path cannot be named. Letters that mean something in this list
 * or in smb.conf become `?`, which stands for any one.
 */
function vetoList(hidden: readonly string[]): string {
  const names = hidden.map((name) => name.replaceAll(/[^\p{L}\p{N}._ -]/gu, '?'));
  return `/${['.anchord-*', ...new Set(names)].join('/')}/`;
}

function recycleOf({ recycle }: ShareWant): readonly Parameter[] {
  if (!recycle) return [];
  return [
    ['recycle:repository', '.recycle/%U'],
    ['recycle:keeptree', 'yes'],
    ['recycle:versions', 'yes'],
    ['recycle:touch', 'yes'],
    // What one user deleted is nobody else's to read.
    ['recycle:subdir_mode', '0700'],
  ];
}

function timeMachineOf({ timeMachine }: ShareWant): readonly Parameter[] {
  if (timeMachine === undefined) return [];
  return [
    ['fruit:time machine', 'yes'],
    ['fruit:time machine max size', String(timeMachine.maxBytes)],
  ];
}
