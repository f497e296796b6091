import type { RemoteAccess } from './remote.ts';

/** What git's configuration depends on besides the remote. */
export interface ConfigurationOptions {
  /** After how many seconds of next to nothing arriving an http transfer is given up. */
  readonly stallSeconds: number;
  /** An empty folder of our own. */
  readonly emptyFolder: string;
}

/** git's whole configuration (git-config(1)) for one remote; no other is read. Pure. */
export function gitConfiguration(access: RemoteAccess, options: ConfigurationOptions): string {
  const lines = [
    '# Written by anchord at every start; changes are lost.',
    '[core]',
    'hooksPath = /dev/null',
    // What we fetch and commit survives a power cut; a ref never points to objects that did not reach the disk.
    'fsync = committed',
    'fsyncMethod = batch',
    'quotePath = true',
    // Larger files are never held in memory, only streamed; a small pack can unfold into very large ones.
    'bigFileThreshold = 16m',
    '[transfer]',
    'fsckObjects = true',
    '[gc]',
    // With fsckObjects git keeps every fetch as a pack of its own.
    'autoPackLimit = 20',
    'auto = 1000',
    'autoDetach = false',
    '[maintenance]',
    'auto = false',
    ...httpLines(access, options),
  ];
  // A local repository may belong to somebody else. This file is read by the git processes we start and by no other,
  // and those open only our own repository and the one the host settings name.
  if (access.remote.kind === 'path') lines.push('[safe]', 'directory = *');
  return `${lines.join('\n')}\n`;
}

function httpLines({ credentials }: RemoteAccess, options: ConfigurationOptions): readonly string[] {
  const lines = [
    '[http]',
    'sslVerify = true',
    'lowSpeedLimit = 1000',
    `lowSpeedTime = ${options.stallSeconds}`,
    // With a password at hand nobody else's address is followed; without one git's own rule (the first request) stands.
    `followRedirects = ${credentials?.passwordFile === undefined ? 'initial' : 'false'}`,
  ];
  if (credentials?.caFile === undefined) return lines;
  // Who names an authority means this one: the folder replaces the one with the system's authorities.
  return [
    ...lines,
    `sslCAInfo = ${quoted(credentials.caFile)}`,
    `sslCAPath = ${quoted(options.emptyFolder)}`,
  ];
}

function quoted(path: string): string {
  return `"${path.replaceAll(/[\\"]/g, String.raw`\$&`)}"`;
}
