/** One line of a section, as testparm prints it: canonical name, `Yes` and `No`, octal modes with a leading zero. */
export type Parameter = readonly [name: string, value: string];

/** One share's section. */
export interface ShareSection {
  readonly name: string;
  readonly parameters: readonly Parameter[];
}

/** Everything that anchord's own configuration file says. */
export interface SmbConfig {
  readonly globals: readonly Parameter[];
  readonly shares: readonly ShareSection[];
}
