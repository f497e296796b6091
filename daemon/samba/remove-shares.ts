import { writeGuardFiles } from './guard-files.ts';
import { withoutBlock } from './marked-block.ts';
import { goodConfigFile } from './observe-shares.ts';
import { removeFile, replaceFile } from './replace-file.ts';
import type { SambaPlace } from './samba-place.ts';
import type { LiveFiles, ShareWork } from './share-view.ts';
import { shrunkShares } from './shrinks.ts';
import { closeShare, reloadSmbd } from './smbd-control.ts';

/** Takes everything of anchord's out again: first the include, so that it never names a file that is not there. */
export async function removeShares(
  { live, runs }: ShareWork & { readonly kind: 'remove' },
  place: SambaPlace,
): Promise<void> {
  await takeOutBlock(live, place);
  if (live.own !== undefined) await removeFile(place.ownConfig);
  if (runs) {
    await reloadSmbd(place);
    for (const name of shrunkShares(live.good ?? live.own ?? '', '')) await closeShare(name, place);
  }
  await writeGuardFiles([], place);
  // Last: while it is there, the next pass would do all this again.
  await removeFile(goodConfigFile(place));
}

/** A file that is nothing but the block was made for it, and goes with it. */
async function takeOutBlock({ user }: LiveFiles, place: SambaPlace): Promise<void> {
  if (user === undefined || user.isLink) return;
  const bare = withoutBlock(user.text);
  if (bare.kind === 'refused' || bare.text === user.text) return;
  if (bare.text === '') await removeFile(place.userConfig);
  else await replaceFile(place.userConfig, bare.text, user.look);
}
