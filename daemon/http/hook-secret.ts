import { Stalled } from '../errors.ts';
import { readSecretFile } from '../secrets/secret-file.ts';
import { SecretValue } from '../secrets/secret-value.ts';

/** A shorter secret could be guessed from one signed request. Characters. */
const LEAST = 16;

/** The secret that pushes are told of with. Throws `Stalled` when the file is not fit to hold one. */
export async function hookSecret(file: string): Promise<SecretValue> {
  const content = await readSecretFile(file, { by: 'owner' });
  if (content.kind === 'refused') {
    const { reason, message, next } = content.fault;
    throw new Stalled({
      reason,
      message: `repository.webhookSecret: ${message}`,
      ...(next === undefined ? {} : { next }),
    });
  }
  // The newline that every editor and `openssl rand` end a file with is not of the secret.
  const secret = content.text.replace(/\r?\n$/, '');
  if (secret.length >= LEAST && !/\s/.test(secret)) return new SecretValue(secret);
  const found = secret === '' ? 'is empty' : `has ${secret.length} characters`;
  throw new Stalled({
    reason: 'SecretRefused',
    message: /\s/.test(secret)
      ? `repository.webhookSecret: ${file} holds more than one word; one secret on one line is expected`
      : `repository.webhookSecret: ${file} ${found}; a secret of ${LEAST} or more is expected, or anybody could find it out`,
    next: `openssl rand -hex 32 > ${file}, and give the forge the same`,
  });
}
