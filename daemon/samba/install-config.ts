import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Transient } from '../errors.ts';
import { withBlock } from './marked-block.ts';
import { readWhole, replaceFile } from './replace-file.ts';
import type { SambaPlace } from './samba-place.ts';

/** As smb.conf itself: it holds no secret, and testparm of any user wants to read it. */
const CONFIG_LOOK = { mode: 0o644 } as const;

/**
 * Puts anchord's configuration in force for whoever reads it next: its own file first, then the block that includes it.
 * What is right already is not touched.
 */
export async function installConfig(text: string, place: SambaPlace): Promise<void> {
  await mkdir(dirname(place.ownConfig), { recursive: true });
  const own = await readWhole(place.ownConfig).catch(() => undefined);
  if (own?.text !== text || own.isLink) await replaceFile(place.ownConfig, text, CONFIG_LOOK);
  await include(place);
}

/** smb.conf is read anew: a person may have edited it since it was looked at. */
async function include({ userConfig, ownConfig }: SambaPlace): Promise<void> {
  const user = await readWhole(userConfig);
  const block = withBlock(user?.text ?? '', ownConfig);
  if (block.kind === 'refused') throw new Transient({ reason: 'ConfigurationRefused', ...block });
  if (user?.text === block.text) return;
  if (user?.isLink === true) {
    const message = `${userConfig} has become a symbolic link`;
    throw new Transient({ reason: 'ConfigurationRefused', message });
  }
  await replaceFile(userConfig, block.text, user?.look ?? CONFIG_LOOK);
}
