/** One share as a revision wants it, with everything that its section of Samba's configuration says. */
export interface ShareWant {
  /** `share:flux`. */
  readonly id: string;
  readonly name: string;
  /** Host path, absolute and clean: a volume or a declared directory. */
  readonly path: string;
  /** Name of the volume it lies on: what its guard is asked about. */
  readonly volume: string;
  readonly writers: readonly string[];
  readonly readers: readonly string[];
  /** The group of the declared directory, for whoever is in it. */
  readonly group?: string;
  readonly recycle: boolean;
  readonly timeMachine?: { readonly maxBytes: number };
  /** Names of directories below it that nobody may see: repositories and catcher tiers. */
  readonly hidden: readonly string[];
}
