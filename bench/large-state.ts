import type { HostState } from '../state-schema/host-state.ts';
import type { Directory, Link, Policy } from '../state-schema/generated/state-file.ts';

const CHILDREN_OF_A_PROJECT = 99;
const MODE = '2775';

/** How much a generated state repo declares. */
export interface LargeStateSize {
  readonly directories: number;
  readonly links: number;
  readonly policies: number;
}

/** A state repo of one host, `bench`, as text and as what the text means. */
export interface LargeState {
  /** Texts by path in the repo. */
  readonly files: ReadonlyMap<string, string>;
  readonly state: HostState;
}

/** The size that the goals speak of: ten times the largest home that asked for this. */
export const LARGE: LargeStateSize = { directories: 10_000, links: 50, policies: 50 };

/** Writes a valid state repo of any size. The same size gives the same text. */
export function largeState(size: LargeStateSize): LargeState {
  const paths = directoryPaths(size.directories);
  const directories = paths.map((path): Entry<Directory> => [path, { mode: MODE }]);
  const links = paths.slice(0, size.links).map(linkTo);
  const policies = paths.slice(-size.policies).map(purgeOf);
  return {
    files: new Map([
      ['hosts/bench/host.yaml', 'host:\n  name: bench\n  timezone: Europe/Berlin\n'],
      ['hosts/bench/volumes.yaml', 'volumes:\n  flux:\n    mount: /flux\n    label: flux\n'],
      ['hosts/bench/directories.yaml', yamlOf('directories', directories)],
      ['hosts/bench/links.yaml', yamlOf('links', links)],
      ['hosts/bench/policies.yaml', yamlOf('policies', policies)],
    ]),
    state: {
      host: { name: 'bench', timezone: 'Europe/Berlin' },
      volumes: { flux: { mount: '/flux', label: 'flux' } },
      directories: Object.fromEntries(directories),
      links: Object.fromEntries(links),
      policies: Object.fromEntries(policies),
      users: {},
      shares: {},
      remotes: {},
      secrets: {},
      sources: {},
      clients: {},
      notify: [],
    },
  };
}

type Entry<Value> = readonly [name: string, value: Value];

/** Projects of 99 parts each, parents before children. */
function directoryPaths(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => {
    const project = `/flux/project-${digits(Math.floor(index / (CHILDREN_OF_A_PROJECT + 1)))}`;
    const child = index % (CHILDREN_OF_A_PROJECT + 1);
    return child === 0 ? project : `${project}/part-${digits(child)}`;
  });
}

function linkTo(target: string, index: number): Entry<Link> {
  return [`/flux/link-${digits(index)}`, { target }];
}

function purgeOf(path: string, index: number): Entry<Policy> {
  return [`purge-${digits(index)}`, { kind: 'purge', path, after: '7d', schedule: `${index % 60} 3 * * *` }];
}

/** A map of flat entries in block style, every value quoted: nothing here needs more of YAML. */
function yamlOf(key: string, entries: readonly Entry<object>[]): string {
  const lines = entries.flatMap(([name, value]) => [
    `  ${name}:`,
    ...Object.entries(value).map(([field, text]) => `    ${field}: ${JSON.stringify(text)}`),
  ]);
  return `${key}:\n${lines.join('\n')}\n`;
}

function digits(index: number): string {
  return String(index).padStart(3, '0');
}
