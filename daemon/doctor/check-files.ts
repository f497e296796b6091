import { faultOf, Stalled } from '../errors.ts';
import { checkCredentialFiles } from '../git/credential-files.ts';
import { parseRemote } from '../git/remote.ts';
import { readAllowedSigners } from '../git/verify-signers.ts';
import { hookSecret } from '../http/hook-secret.ts';
import type { Finding } from '../programs/check-programs.ts';
import { readSecretFile } from '../secrets/secret-file.ts';
import type { HostSettings } from '../settings/host-settings.ts';

type Remote = Pick<HostSettings['repository'], 'url' | 'credentials'>;

/** Looks at the files that the host settings name: whether they are there, and who else could read or write them. */
export async function checkFiles({ repository, status }: HostSettings): Promise<readonly Finding[]> {
  const { signers, webhookSecret } = repository;
  const isElsewhere = status.url !== repository.url;
  const looks: (readonly [named: unknown, what: string, look: () => Promise<unknown>])[] = [
    [repository.credentials, 'the credentials of the state repo', () => credentials(repository)],
    [
      isElsewhere ? status.credentials : undefined,
      'the credentials of the status',
      () => credentials(status),
    ],
    [signers, 'the allowed signers', () => readAllowedSigners(signers ?? [])],
    [webhookSecret, 'the secret of the webhook', () => hookSecret(webhookSecret ?? '')],
    [status.signingKey, 'the key that signs the status', () => secretFile(status.signingKey ?? '')],
  ];
  const named = looks.filter(([setting]) => setting !== undefined);
  return Promise.all(named.map(([, what, look]) => found(what, look)));
}

async function found(what: string, look: () => Promise<unknown>): Promise<Finding> {
  try {
    await look();
    return { level: 'good', message: `${what} can be used` };
  } catch (error) {
    const { message, next } = faultOf(error);
    return { level: 'bad', message, ...(next === undefined ? {} : { remedy: next }) };
  }
}

function credentials({ url, credentials: named }: Remote): Promise<void> {
  const remote = parseRemote(url);
  return checkCredentialFiles({ remote, ...(named === undefined ? {} : { credentials: named }) });
}

async function secretFile(file: string): Promise<void> {
  const content = await readSecretFile(file, { by: 'owner' });
  if (content.kind === 'refused') throw new Stalled(content.fault);
}
