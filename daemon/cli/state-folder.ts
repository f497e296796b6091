import { stat } from 'node:fs/promises';
import { quote } from '../../state-schema/quote.ts';

/** Why a folder that a person named cannot be a state repo; undefined when it can. One line, with its end. */
export async function stateFolderFault(dir: string): Promise<string | undefined> {
  const found = await lookAt(dir);
  return found === 'a folder' ? undefined : `${quote(dir)} is ${found}; name the folder that holds hosts/\n`;
}

async function lookAt(dir: string): Promise<string> {
  try {
    return (await stat(dir)).isDirectory() ? 'a folder' : 'not a folder';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'not there' : `not readable (${String(code)})`;
  }
}
