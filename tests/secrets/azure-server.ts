import { localServer, type Answer, type Asked, type LocalServer } from './local-server.ts';

/** What a test changes about the Azure of its own. */
export interface Azure {
  /** Vaults, and in each its secrets. */
  readonly vaults: Record<string, Record<string, string>>;
  /** Seconds that a token lives. */
  life: number;
  /** Tokens given out before this many are no longer taken. */
  revokedBefore: number;
  /** Answers of the vault before it does what it should. */
  readonly first: Answer[];
  /** Answers of the service that gives out tokens, before it does what it should. */
  readonly firstTokens: Answer[];
  tokens: number;
  clientSecret: string;
  assertion: string;
}

/**
 * A server that speaks the three protocols a host needs: tokens of a managed identity (IMDS), tokens of an application
 * (OAuth 2 client credentials, with a secret or an assertion), and Key Vault's REST 7.4. It is as strict as they are.
 */
export async function azureServer(azure: Azure): Promise<LocalServer> {
  return await localServer((asked) => {
    const { pathname } = asked.url;
    if (pathname === '/metadata/identity/oauth2/token')
      return azure.firstTokens.shift() ?? managed(asked, azure);
    if (pathname === '/contoso/oauth2/v2.0/token')
      return azure.firstTokens.shift() ?? application(asked, azure);
    return azure.first.shift() ?? vault(asked, azure);
  });
}

/** An Azure with one vault. */
export function azureWith(secrets: Record<string, string>): Azure {
  return {
    vaults: { 'kv-home': secrets },
    life: 3600,
    revokedBefore: 0,
    first: [],
    firstTokens: [],
    tokens: 0,
    clientSecret: 'client-secret-value',
    assertion: 'federated-token-value',
  };
}

function managed({ url, headers }: Asked, azure: Azure): Answer {
  const isRight =
    headers['metadata'] === 'true' &&
    url.searchParams.get('api-version') === '2018-02-01' &&
    url.searchParams.get('resource') === 'https://vault.azure.net';
  if (!isRight) return { status: 400, json: { error: 'invalid_request' } };
  // IMDS writes its numbers as texts.
  return {
    status: 200,
    json: { ...grant(azure), expires_in: String(azure.life), resource: 'https://vault.azure.net' },
  };
}

function application({ method, headers, body }: Asked, azure: Azure): Answer {
  const form = new URLSearchParams(body);
  const isRight =
    method === 'POST' &&
    headers['content-type'] === 'application/x-www-form-urlencoded' &&
    form.get('grant_type') === 'client_credentials' &&
    form.get('scope') === 'https://vault.azure.net/.default' &&
    form.get('client_id') === 'app-1';
  if (!isRight) return { status: 400, json: { error: 'invalid_request' } };
  const isKnown =
    form.get('client_secret') === azure.clientSecret ||
    (form.get('client_assertion_type') === 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' &&
      form.get('client_assertion') === azure.assertion);
  if (!isKnown)
    return { status: 401, json: { error: 'invalid_client', error_description: `AADSTS7000215: ${body}` } };
  return { status: 200, json: { ...grant(azure), expires_in: azure.life } };
}

function grant(azure: Azure): Record<string, unknown> {
  azure.tokens++;
  return { token_type: 'Bearer', access_token: `token-number-${azure.tokens}` };
}

function vault({ url, headers }: Asked, azure: Azure): Answer {
  const [, name = '', word, secret = ''] = url.pathname.split('/');
  const token = Number(/^Bearer token-number-(\d+)$/.exec(headers.authorization ?? '')?.[1]);
  if (!(token > azure.revokedBefore)) {
    const challenge =
      'Bearer authorization="https://login.example/contoso", resource="https://vault.azure.net"';
    return {
      status: 401,
      json: { error: { code: 'Unauthorized' } },
      headers: { 'www-authenticate': challenge },
    };
  }
  if (word !== 'secrets' || url.searchParams.get('api-version') !== '7.4')
    return { status: 400, json: { error: { code: 'BadParameter' } } };
  const value = azure.vaults[name]?.[secret];
  if (value === undefined) return { status: 404, json: { error: { code: 'SecretNotFound' } } };
  return {
    status: 200,
    json: { value, id: `https://${name}.vault.azure.net/secrets/${secret}/1`, attributes: { enabled: true } },
  };
}
