import { posix } from 'node:path';
import type { Link } from '../../state-schema/generated/state-file.ts';
import type { LinkWant } from '../files/file-wants.ts';
import type { DesiredResource } from './desired.ts';
import type { Footing } from './directory.ts';

/** A declared link as a resource. */
export function desiredLink(path: string, link: Link, footing: Footing): DesiredResource {
  return {
    id: `link:${path}`,
    kind: 'link',
    digest: JSON.stringify([link.target]),
    detail: `→ ${link.target}`,
    volume: footing.name,
  };
}

/**
 * What the file worker has to see and make for it. Under a root that is a folder the target is written relative, so
 * that it leads into that folder and not out of it.
 */
export function linkWant(path: string, link: Link, place: { footing: Footing; root: string }): LinkWant {
  const target = place.root === '/' ? link.target : posix.relative(posix.dirname(path), link.target);
  return { kind: 'link', id: `link:${path}`, path, mount: place.footing.mount, target };
}
