import { stat } from 'node:fs/promises';
import { quote } from '../../state-schema/quote.ts';

/** Why a folder that a person named cannot be a state repo; undefined when it can. One line, with its end. */
export async function stateFolderFault(dir: string): Promise<string | undefined> {
  const stats = await stat(dir).catch(() => undefined);
  return stats?.isDirectory() === true
    ? undefined
    : `${quote(dir)} is not a folder; name the one that holds hosts/\n`;
}
