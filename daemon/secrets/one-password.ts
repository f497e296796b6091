import type { OnePasswordSettings } from '../../state-schema/generated/host-settings.ts';
import type { OnePasswordSecret } from '../../state-schema/generated/state-file.ts';
import { askPatiently } from './ask-patiently.ts';
import {
  missingSecret,
  provided,
  unavailableSecret,
  type ProvidedSecret,
  type ProviderParts,
} from './provided-secret.ts';
import { readSecretFile } from './secret-file.ts';
import { SecretValue } from './secret-value.ts';

const TIMEOUT_MS = 10_000;

/** A list or an item that the server gave, or what to say of the secret instead. */
type Got =
  | { readonly kind: 'got'; readonly json: unknown }
  | { readonly kind: 'not'; readonly answer: ProvidedSecret };

interface Session {
  readonly name: string;
  readonly settings: OnePasswordSettings;
  readonly token: string;
  readonly ca: string | undefined;
}

/**
 * A field of an item, from a 1Password Connect server: https://developer.1password.com/docs/connect/api-reference.
 * The caller has checked that the vault may be asked. Never rejects.
 */
export async function fromOnePassword(
  name: string,
  secret: OnePasswordSecret,
  { settings, learn }: { readonly settings: OnePasswordSettings; readonly learn: ProviderParts['learn'] },
): Promise<ProvidedSecret> {
  const token = await readSecretFile(settings.tokenFile, { by: 'owner' });
  if (token.kind === 'refused')
    return unavailableSecret(name, token.fault.message, token.fault.next ?? `look at ${settings.tokenFile}`);
  const authority = settings.caFile === undefined ? undefined : await readSecretFile(settings.caFile);
  if (authority?.kind === 'refused')
    return unavailableSecret(name, authority.fault.message, authority.fault.next ?? 'look at it');
  const session = { name, settings, token: token.text.trim(), ca: authority?.text };
  learn(new SecretValue(session.token));
  const vault = await findId(session, '/v1/vaults', { key: 'name', value: secret.vault, what: 'vault' });
  if (vault.kind === 'not') return vault.answer;
  const items = `/v1/vaults/${encodeURIComponent(vault.id)}/items`;
  const item = await findId(session, items, { key: 'title', value: secret.item, what: 'item' });
  if (item.kind === 'not') return item.answer;
  const whole = await get(session, `${items}/${encodeURIComponent(item.id)}`);
  return whole.kind === 'not' ? whole.answer : fieldOf(name, secret, whole.json);
}

interface Wanted {
  readonly key: 'name' | 'title';
  readonly value: string;
  readonly what: 'vault' | 'item';
}

type Found = { readonly kind: 'id'; readonly id: string } | Extract<Got, { kind: 'not' }>;

async function findId(session: Session, path: string, wanted: Wanted): Promise<Found> {
  const { key, value, what } = wanted;
  const list = await get(
    session,
    `${path}?filter=${encodeURIComponent(`${key} eq ${JSON.stringify(value)}`)}`,
  );
  if (list.kind === 'not') return list;
  // Compared again here: what a name with quotes means to the filter is the server's own business.
  const same = asList(list.json).filter((entry) => entry[key] === value || entry['id'] === value);
  const id = same[0]?.['id'];
  if (same.length === 1 && typeof id === 'string') return { kind: 'id', id };
  const found =
    same.length === 0
      ? `has no ${what} "${value}" that this host may read`
      : `has ${same.length} of that name: "${value}"`;
  const next = `look at the ${what}s of the Connect token in 1Password`;
  return { kind: 'not', answer: missingSecret(session.name, `the Connect server ${found}`, next) };
}

function fieldOf(
  name: string,
  { vault, item, field = 'password' }: OnePasswordSecret,
  json: unknown,
): ProvidedSecret {
  const { fields } = (json ?? {}) as { readonly fields?: unknown };
  const same = asList(fields).filter((one) => one['label'] === field || one['id'] === field);
  const value = same[0]?.['value'];
  const where = `the field "${field}" of "${item}" in ${vault}`;
  if (same.length === 1 && typeof value === 'string') return provided(name, where, value);
  const found =
    same.length > 1 ? `${where} is there ${same.length} times` : `${where} is not there, or has no value`;
  return missingSecret(name, found, 'look at the item in 1Password, and at field: in the state repo');
}

async function get({ name, settings, token, ca }: Session, path: string): Promise<Got> {
  const url = new URL(`${settings.connectUrl.replace(/\/$/, '')}${path}`);
  const answer = await askPatiently({
    url,
    headers: { authorization: `Bearer ${token}` },
    ca,
    timeoutMs: TIMEOUT_MS,
  });
  if (answer.kind === 'answer' && answer.status === 200) return { kind: 'got', json: answer.json };
  return { kind: 'not', answer: explained(name, url, answer) };
}

function explained(name: string, url: URL, answer: Awaited<ReturnType<typeof askPatiently>>): ProvidedSecret {
  const server = `the Connect server ${url.origin}`;
  if (answer.kind === 'unreachable')
    return unavailableSecret(name, `${server} does not answer: ${answer.why}`, 'look whether it runs');
  switch (answer.status) {
    case 401:
    case 403:
      return unavailableSecret(
        name,
        `${server} does not accept this host's token (${answer.status})`,
        'make a new token for the vault, and put it into secrets.onepassword.tokenFile',
      );
    case 404:
      return missingSecret(name, `${server} has no such item`, 'look at the item in 1Password');
    default:
      return unavailableSecret(
        name,
        `${server} answers ${answer.status}`,
        'it is asked again at the next run',
      );
  }
}

function asList(json: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(json) ? json.filter((one) => typeof one === 'object' && one !== null) : [];
}
