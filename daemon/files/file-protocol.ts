import type { FileFinding, FileResult, FileWant, Ground } from './file-wants.ts';

/** What the main thread asks of the file worker. */
export type FileRequest =
  /** Replaces all that is wanted. */
  | { readonly kind: 'declare'; readonly wants: readonly FileWant[] }
  /** Looks at everything wanted on these volumes. */
  | { readonly kind: 'observe'; readonly grounds: readonly Ground[] }
  /** Puts these resources right. */
  | { readonly kind: 'put-right'; readonly grounds: readonly Ground[]; readonly ids: readonly string[] }
  /** Says which of these host paths still exist, walking as carefully as everything else. */
  | { readonly kind: 'exist'; readonly grounds: readonly Ground[]; readonly wants: readonly FileWant[] };

/** Its answer. `lost`: volumes that are no longer what the guard saw, by mount point. */
export interface FileAnswer {
  readonly findings: readonly FileFinding[];
  readonly results: readonly FileResult[];
  readonly lost: readonly string[];
}

/** Request and answer on the wire. */
export interface Numbered<Body> {
  readonly number: number;
  readonly body: Body;
}
