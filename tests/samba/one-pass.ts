// One pass over shares in a process of its own, for a test that ends it at any point.
import { readFileSync } from 'node:fs';
import type { SambaPlace } from '../../daemon/samba/samba-place.ts';
import { Shares } from '../../daemon/samba/shares.ts';
import type { ShareQuestion } from '../../daemon/samba/share-view.ts';

interface Asked extends Pick<ShareQuestion, 'wants' | 'marks'> {
  readonly place: SambaPlace;
}

const { place, wants, marks } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Asked;
const shares = new Shares(place, { monotonic: () => performance.now() });
const view = await shares.observe({ wants, marks, down: new Set(), known: new Set() });
const troubles = await shares.apply(view, new Set());
console.log(JSON.stringify([...troubles]));
