import type { AzureSettings } from '../../state-schema/generated/host-settings.ts';
import { askPatiently } from './ask-patiently.ts';
import type { ProviderParts } from './provided-secret.ts';
import { readSecretFile } from './secret-file.ts';
import type { SecretAnswer, SecretRequest } from './secret-request.ts';
import { SecretValue } from './secret-value.ts';

/** A token is renewed this long before it ends, so that none ends on the way. Milliseconds. */
const EARLY_MS = 5 * 60_000;
const TIMEOUT_MS = 10_000;

/** A token to show to a vault, or why there is none. */
export type TokenAnswer =
  | { readonly kind: 'token'; readonly token: SecretValue }
  | { readonly kind: 'none'; readonly why: string; readonly next: string };

interface Held {
  readonly token: SecretValue;
  /** Of the clock's monotonic time. */
  readonly until: number;
}

/**
 * Tokens of this host's identity in Entra ID, each asked for once and held until shortly before its end.
 * Managed identities: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token;
 * applications: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow.
 */
export class AzureTokens {
  readonly #settings: AzureSettings;
  readonly #parts: ProviderParts;
  #held: Held | undefined;

  constructor(settings: AzureSettings, parts: ProviderParts) {
    this.#settings = settings;
    this.#parts = parts;
  }

  /** The token that is held, or a new one. Never rejects. */
  async token(): Promise<TokenAnswer> {
    const now = this.#parts.clock.monotonic();
    if (this.#held !== undefined && now < this.#held.until) return { kind: 'token', token: this.#held.token };
    const asked = await this.#question();
    if ('why' in asked) return { kind: 'none', ...asked };
    const answer = await askPatiently(asked);
    const grant = grantOf(answer);
    if (grant === undefined) return { kind: 'none', why: refusalOf(answer, asked.url), next: this.#next() };
    const lifeMs = Math.max(grant.seconds * 1000 - EARLY_MS, grant.seconds * 500);
    this.#parts.learn(grant.token);
    this.#held = { token: grant.token, until: now + lifeMs };
    return { kind: 'token', token: grant.token };
  }

  /** Forgets the token: a vault did not take it. */
  drop(): void {
    this.#held = undefined;
  }

  async #question(): Promise<SecretRequest | Omit<Extract<TokenAnswer, { kind: 'none' }>, 'kind'>> {
    const { identity, client = '', clientSecretFile = '', tokenFile = '' } = this.#settings;
    if (identity === 'managed') return this.#managed();
    const file = identity === 'workload' ? tokenFile : clientSecretFile;
    const content = await readSecretFile(file, { by: 'owner' });
    if (content.kind === 'refused')
      return { why: content.fault.message, next: content.fault.next ?? `look at ${file}` };
    const proof = content.text.trim();
    this.#parts.learn(new SecretValue(proof));
    return this.#login({
      client_id: client,
      ...(identity === 'client-secret'
        ? { client_secret: proof }
        : {
            client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
            client_assertion: proof,
          }),
    });
  }

  #managed(): SecretRequest {
    const { identityUrl = 'http://169.254.169.254', client } = this.#settings;
    const url = new URL('/metadata/identity/oauth2/token', identityUrl);
    url.searchParams.set('api-version', '2018-02-01');
    url.searchParams.set('resource', this.#resource);
    if (client !== undefined) url.searchParams.set('client_id', client);
    // The header proves that nobody was led here by a redirect.
    return { url, headers: { metadata: 'true' }, timeoutMs: TIMEOUT_MS };
  }

  #login(fields: Readonly<Record<string, string>>): SecretRequest {
    const { loginUrl = 'https://login.microsoftonline.com', tenant = '' } = this.#settings;
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      scope: `${this.#resource}/.default`,
      ...fields,
    }).toString();
    return {
      url: new URL(`/${encodeURIComponent(tenant)}/oauth2/v2.0/token`, loginUrl),
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
      timeoutMs: TIMEOUT_MS,
    };
  }

  get #resource(): string {
    return (this.#settings.resource ?? 'https://vault.azure.net').replace(/\/$/, '');
  }

  #next(): string {
    switch (this.#settings.identity) {
      case 'managed':
        return 'give this machine a managed identity, or name another identity in secrets.azure of the host settings';
      case 'client-secret':
        return 'look whether the client secret of the application has expired, and put the new one into secrets.azure.clientSecretFile';
      case 'workload':
        return 'look at what keeps secrets.azure.tokenFile up to date';
    }
  }
}

function grantOf(
  answer: SecretAnswer,
): { readonly token: SecretValue; readonly seconds: number } | undefined {
  if (answer.kind !== 'answer' || answer.status !== 200) return undefined;
  const { access_token: token, expires_in: life } = fieldsOf(answer.json);
  // The metadata service writes the number as a text.
  const seconds = Number(life);
  if (typeof token !== 'string' || token === '' || !Number.isFinite(seconds)) return undefined;
  return { token: new SecretValue(token), seconds: Math.max(0, seconds) };
}

/** Only the code of an error: its description repeats what was sent. */
function refusalOf(answer: SecretAnswer, url: URL): string {
  if (answer.kind === 'unreachable') return `${url.origin} gives no token: ${answer.why}`;
  const { error } = fieldsOf(answer.json);
  const code = typeof error === 'string' ? ` (${error.slice(0, 80)})` : '';
  return `${url.origin} gives no token: it answers ${answer.status}${code}`;
}

function fieldsOf(json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null ? { ...json } : {};
}
