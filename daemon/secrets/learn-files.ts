import { readSecretFile } from './secret-file.ts';
import { SecretValue } from './secret-value.ts';

/**
 * Learns what files of the host settings hold that others read: git, ssh and the webhook. So that it is never said, should
 * a program say it. A file that cannot be read is told of by whoever needs it.
 */
export async function learnFiles(
  files: readonly (string | undefined)[],
  learn: (value: SecretValue) => void,
): Promise<void> {
  for (const file of files) {
    if (file === undefined) continue;
    const content = await readSecretFile(file);
    if (content.kind === 'content' && content.text.trim() !== '') learn(new SecretValue(content.text.trim()));
  }
}
