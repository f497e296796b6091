import type { AzureSettings } from '../../state-schema/generated/host-settings.ts';
import type { AzureKeyVaultSecret } from '../../state-schema/generated/state-file.ts';
import { askPatiently } from './ask-patiently.ts';
import { AzureTokens } from './azure-token.ts';
import {
  missingSecret,
  provided,
  unavailableSecret,
  type ProvidedSecret,
  type ProviderParts,
} from './provided-secret.ts';
import type { SecretAnswer } from './secret-request.ts';
import type { SecretValue } from './secret-value.ts';

const API_VERSION = '7.4';
const TIMEOUT_MS = 10_000;

/** Reads secrets from Azure Key Vault: https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret. */
export class AzureKeyVault {
  readonly #settings: AzureSettings;
  readonly #tokens: AzureTokens;

  constructor(settings: AzureSettings, parts: ProviderParts) {
    this.#settings = settings;
    this.#tokens = new AzureTokens(settings, parts);
  }

  /** The newest version of a secret. The caller has checked that the vault may be asked. Never rejects. */
  async ask(name: string, secret: AzureKeyVaultSecret): Promise<ProvidedSecret> {
    const { vaultUrl = 'https://{vault}.vault.azure.net' } = this.#settings;
    const inVault = secret.name ?? name;
    const url = new URL(
      `${vaultUrl.replace('{vault}', secret.vault).replace(/\/$/, '')}/secrets/${encodeURIComponent(inVault)}?api-version=${API_VERSION}`,
    );
    const first = await this.#askOnce(url);
    if (first.kind === 'none') return unavailableSecret(name, first.why, first.next);
    if (first.answer.kind === 'answer' && first.answer.status === 401) {
      // The token was taken back before its time, or the host's identity was changed.
      this.#tokens.drop();
      const second = await this.#askOnce(url);
      if (second.kind === 'none') return unavailableSecret(name, second.why, second.next);
      return read({ name, inVault, vault: secret.vault }, second.answer);
    }
    return read({ name, inVault, vault: secret.vault }, first.answer);
  }

  async #askOnce(url: URL): Promise<Asked> {
    const found = await this.#tokens.token();
    if (found.kind === 'none') return found;
    return { kind: 'asked', answer: await askPatiently(question(url, found.token)) };
  }
}

type Asked =
  | { readonly kind: 'asked'; readonly answer: SecretAnswer }
  | { readonly kind: 'none'; readonly why: string; readonly next: string };

function question(url: URL, token: SecretValue): Parameters<typeof askPatiently>[0] {
  return { url, headers: { authorization: `Bearer ${token.reveal()}` }, timeoutMs: TIMEOUT_MS };
}

interface Place {
  readonly name: string;
  readonly inVault: string;
  readonly vault: string;
}

function read({ name, inVault, vault }: Place, answer: SecretAnswer): ProvidedSecret {
  if (answer.kind === 'unreachable')
    return unavailableSecret(
      name,
      `the vault ${vault} does not answer: ${answer.why}`,
      'look at the network',
    );
  switch (answer.status) {
    case 200: {
      const value = (answer.json as { readonly value?: unknown } | undefined)?.value;
      if (typeof value === 'string') return provided(name, `${inVault} in the vault ${vault}`, value);
      return unavailableSecret(
        name,
        `the vault ${vault} answers without a value`,
        'look at vaultUrl in the host settings',
      );
    }
    case 404:
      return missingSecret(
        name,
        `the vault ${vault} has no secret ${inVault}`,
        `az keyvault secret set --vault-name ${vault} --name ${inVault} --file FILE`,
      );
    case 401:
    case 403:
      return unavailableSecret(
        name,
        `the vault ${vault} does not let this host read ${inVault} (${answer.status})`,
        `give its identity the role "Key Vault Secrets User" on ${vault}, and look whether the secret is enabled`,
      );
    default:
      return unavailableSecret(
        name,
        `the vault ${vault} answers ${answer.status}`,
        'it is asked again at the next run',
      );
  }
}
