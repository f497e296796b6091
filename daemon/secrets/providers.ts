import type { AllowedSecrets, SecretProviders } from '../../state-schema/generated/host-settings.ts';
import type {
  AzureKeyVaultSecret,
  OnePasswordSecret,
  Secret,
} from '../../state-schema/generated/state-file.ts';
import { AzureKeyVault } from './azure-key-vault.ts';
import { fromCommand } from './from-command.ts';
import { fromAllowedFile, fromCredential, fromEnvFile } from './from-files.ts';
import { fromOnePassword } from './one-password.ts';
import { missingSecret, type ProvidedSecret, type ProviderParts } from './provided-secret.ts';
import type { Redact } from './redaction.ts';

/** What of the host the providers need. */
export interface ProvidersPlace {
  /** What the host settings let the state repo refer to. */
  readonly allow: AllowedSecrets;
  readonly providers: SecretProviders;
  /** Prefix of the paths in `allow`. */
  readonly root: string;
  /** PATH of commands. */
  readonly path: string;
  /** HOME of commands. */
  readonly home: string;
  /** Where systemd put the credentials of this process, when it did. */
  readonly credentialsDir?: string | undefined;
}

/** Every provider of secrets of this host. Holds the tokens that some of them need, and no secret. */
export class Providers {
  readonly #place: ProvidersPlace;
  readonly #parts: ProviderParts & { readonly redact: Redact };
  readonly #azure: AzureKeyVault | undefined;

  constructor(place: ProvidersPlace, parts: ProviderParts & { readonly redact: Redact }) {
    this.#place = place;
    this.#parts = parts;
    const { azure } = place.providers;
    this.#azure = azure === undefined ? undefined : new AzureKeyVault(azure, parts);
  }

  /** Asks for a secret of the state repo, where the host settings allow it. Never rejects for what a provider does. */
  async ask(name: string, secret: Secret): Promise<ProvidedSecret> {
    const { allow, root, path, home, credentialsDir } = this.#place;
    switch (secret.from) {
      case 'env-file':
        return await fromEnvFile(name, secret, { files: allow.files, root });
      case 'file':
        return await fromAllowedFile(name, secret, { files: allow.files, root });
      case 'systemd-credential':
        return await fromCredential(name, secret, credentialsDir);
      case 'command':
        return await fromCommand(name, secret, {
          commands: allow.commands,
          path,
          home,
          redact: this.#parts.redact,
        });
      case 'azure-key-vault':
        return this.#refusedVault(name, secret) ?? (await this.#fromAzure(name, secret));
      case 'onepassword':
        return this.#refusedVault(name, secret) ?? (await this.#fromOnePassword(name, secret));
    }
  }

  #refusedVault(name: string, { vault }: { readonly vault: string }): ProvidedSecret | undefined {
    if (this.#place.allow.vaults?.includes(vault) === true) return undefined;
    return missingSecret(
      name,
      `it comes from the vault "${vault}", which this host's settings do not allow`,
      `add allow: { secrets: { vaults: [${JSON.stringify(vault)}] } } to the host settings`,
    );
  }

  async #fromAzure(name: string, secret: AzureKeyVaultSecret): Promise<ProvidedSecret> {
    if (this.#azure !== undefined) return await this.#azure.ask(name, secret);
    return missingSecret(
      name,
      'the host settings do not say how to sign in to Azure',
      'add secrets: { azure: { identity: … } } to the host settings (docs/secrets.md)',
    );
  }

  async #fromOnePassword(name: string, secret: OnePasswordSecret): Promise<ProvidedSecret> {
    const settings = this.#place.providers.onepassword;
    const { learn } = this.#parts;
    if (settings !== undefined) return await fromOnePassword(name, secret, { settings, learn });
    return missingSecret(
      name,
      'the host settings do not say where the Connect server of 1Password is',
      'add secrets: { onepassword: { connectUrl: …, tokenFile: … } } to the host settings (docs/secrets.md)',
    );
  }
}
