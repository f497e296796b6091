import type { FileWant } from './file-wants.ts';

/** Wanted file resources as the tree they form, so that a walk opens each directory once. */
export interface WantNode {
  readonly name: string;
  /** Host path. */
  readonly path: string;
  readonly want?: FileWant;
  readonly children: ReadonlyMap<string, WantNode>;
}

interface Growing {
  name: string;
  path: string;
  want?: FileWant;
  children: Map<string, Growing>;
}

/** The tree of everything wanted below one volume's mount point. */
export function wantTree(mount: string, wants: readonly FileWant[]): WantNode {
  const root: Growing = { name: '', path: mount, children: new Map() };
  for (const want of wants) {
    let node = root;
    for (const name of segmentsBelow(mount, want.path)) {
      let child = node.children.get(name);
      if (child === undefined) {
        child = { name, path: `${node.path === '/' ? '' : node.path}/${name}`, children: new Map() };
        node.children.set(name, child);
      }
      node = child;
    }
    node.want = want;
  }
  return root;
}

/** The names from one path down to another below it. */
export function segmentsBelow(base: string, path: string): readonly string[] {
  return path
    .slice(base === '/' ? 0 : base.length)
    .split('/')
    .filter((name) => name !== '');
}
