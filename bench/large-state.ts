const CHILDREN_OF_A_PROJECT = 99;

/** How much a generated state repo declares. */
export interface LargeStateSize {
  readonly directories: number;
  readonly links: number;
  readonly policies: number;
}

/** A state repo of one host, `bench`, and what it declares. */
export interface LargeState {
  /** Texts by path in the repo. */
  readonly files: ReadonlyMap<string, string>;
  /** Absolute paths on the host, parents before children. */
  readonly directories: readonly string[];
}

/** The size that the goals speak of: ten times the largest home that asked for this. */
export const LARGE: LargeStateSize = { directories: 10_000, links: 50, policies: 50 };

/** Writes a valid state repo of any size. The same size gives the same text. */
export function largeState(size: LargeStateSize): LargeState {
  const directories = directoryPaths(size.directories);
  const files = new Map([
    ['hosts/bench/host.yaml', 'host:\n  name: bench\n  timezone: Europe/Berlin\n'],
    ['hosts/bench/volumes.yaml', 'volumes:\n  flux:\n    mount: /flux\n    label: flux\n'],
    ['hosts/bench/directories.yaml', `directories:\n${directories.map(directoryEntry).join('')}`],
    ['hosts/bench/links.yaml', `links:\n${directories.slice(0, size.links).map(linkEntry).join('')}`],
    [
      'hosts/bench/policies.yaml',
      `policies:\n${directories.slice(-size.policies).map(policyEntry).join('')}`,
    ],
  ]);
  return { files, directories };
}

function directoryPaths(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => {
    const project = `/flux/project-${digits(Math.floor(index / (CHILDREN_OF_A_PROJECT + 1)))}`;
    const child = index % (CHILDREN_OF_A_PROJECT + 1);
    return child === 0 ? project : `${project}/part-${digits(child)}`;
  });
}

function directoryEntry(path: string): string {
  return `  ${path}:\n    mode: "2775"\n`;
}

function linkEntry(target: string, index: number): string {
  return `  /flux/link-${digits(index)}:\n    target: ${target}\n`;
}

function policyEntry(path: string, index: number): string {
  return [
    `  purge-${digits(index)}:`,
    '    kind: purge',
    `    path: ${path}`,
    '    after: 7d',
    `    schedule: "${index % 60} 3 * * *"`,
    '',
  ].join('\n');
}

function digits(index: number): string {
  return String(index).padStart(3, '0');
}
