import type {
  Catcher,
  Client,
  Directory,
  Host,
  Link,
  Notify,
  Policy,
  Remote,
  Secret,
  Share,
  Source,
  User,
  Volume,
} from './generated/state-file.ts';

/**
 * Everything a state repo says about one host: its own files and the common ones, merged and checked.
 * Values stand as they were written (`"30d"`, `"6TiB"`, `"2775"`); `units.ts` reads them. The maps have no
 * prototype, so that a name such as `constructor` is only ever a name.
 */
export interface HostState {
  readonly host: Host;
  readonly volumes: Readonly<Record<string, Volume>>;
  /** By absolute path on the host. */
  readonly directories: Readonly<Record<string, Directory>>;
  /** By absolute path on the host. */
  readonly links: Readonly<Record<string, Link>>;
  readonly users: Readonly<Record<string, User>>;
  readonly shares: Readonly<Record<string, Share>>;
  readonly remotes: Readonly<Record<string, Remote>>;
  readonly secrets: Readonly<Record<string, Secret>>;
  readonly policies: Readonly<Record<string, Policy>>;
  /** Absent: this host catches nothing. */
  readonly catcher?: Catcher;
  /** By the id that the device's agent sends. */
  readonly sources: Readonly<Record<string, Source>>;
  readonly clients: Readonly<Record<string, Client>>;
  /** In the order of the files' paths. */
  readonly notify: readonly Notify[];
}
