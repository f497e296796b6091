/** A place in a state file. Lines and columns count from 1; columns count UTF-16 units, as editors do. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What kind of fault a problem is: stable names for machines. */
export type ProblemCode =
  | 'yaml' // not YAML 1.2, a duplicate key, an alias, a tag, nested too deep
  | 'encoding' // not UTF-8
  | 'too-large' // a file, or all files together
  | 'file-name' // .yml, a subfolder, a symbolic link, a strange name under hosts/<host> or common
  | 'host-missing' // no hosts/<host> folder, or it holds no file
  | 'unknown-key'
  | 'missing-key'
  | 'wrong-type'
  | 'wrong-value'
  | 'duplicate' // one name in two places
  | 'unknown-reference' // a name that nothing declares
  | 'path' // a path that is not clean, or lies outside every volume
  | 'overlap' // two shares, or a policy and its own target, over one tree
  | 'forbidden' // a push may describe the host, never own it
  | 'secret-value' // something that looks like a secret stands in the repo
  | 'schedule'
  | 'timezone';

/** One fault in a state repo, with everything a person needs to mend it. */
export interface Problem extends Position {
  readonly code: ProblemCode;
  /** One sentence that names the thing, what was found, what was expected and, where there is one, the next step. */
  readonly message: string;
  /** Where in the document, as a JSON pointer; empty for a whole file. */
  readonly pointer: string;
  readonly found?: string;
  readonly expected?: string;
  /** The nearest known key or name, for a typing error. */
  readonly nearest?: string;
  /** The other place or places of a fault that needs two, for example a name given twice. */
  readonly also?: readonly Position[];
}
