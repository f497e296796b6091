import type { OverrideRemote, OverrideSettings } from '../../state-schema/generated/host-settings.ts';
import type { Remote, Secret, SecretRef } from '../../state-schema/generated/state-file.ts';
import { obscured } from '../commands/rclone-obscure.ts';
import type { RcloneHome } from '../commands/rclone.ts';
import type { Fault } from '../errors.ts';
import { readSecretFile } from '../secrets/secret-file.ts';
import { SecretValue } from '../secrets/secret-value.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { remoteOptions } from './remote-options.ts';

/** What a remote is made of, and how its secrets are had. */
export interface RemoteSources extends RcloneHome {
  /** What the state repo declares. */
  readonly state: {
    readonly remotes: Readonly<Record<string, Remote>>;
    readonly secrets: Readonly<Record<string, Secret>>;
  };
  /** `overrides` of the host settings: a remote there replaces one of the state repo. */
  readonly overrides?: OverrideSettings | undefined;
  readonly secrets: Pick<Secrets, 'resolve' | 'learn'>;
}

/** The variables that make one child reach a remote, or why it cannot. */
export type RemoteEnvironment =
  | {
      readonly kind: 'remote';
      /** `RCLONE_CONFIG_<NAME>_<OPTION>`, secrets included: for the environment of one child and nothing else. */
      readonly variables: Readonly<Record<string, string>>;
      /** The options of the remote itself, by rclone's names; secrets included too. */
      readonly options: Readonly<Record<string, string>>;
      /** The values among them that must never be said. */
      readonly secrets: readonly SecretValue[];
    }
  | { readonly kind: 'fault'; readonly fault: Fault };

type OptionSource = SecretRef | OverrideRemote[string];
type OptionValue =
  | { readonly kind: 'value'; readonly text: string; readonly secrets: readonly SecretValue[] }
  | { readonly kind: 'fault'; readonly fault: Fault };

/** Options of rclone that hold a secret, by their names. */
const SECRET_OPTION = /pass|secret|token|credential|bearer|sas_url|(?:^|_)key(?:$|_)/;
/** Options that name other remotes: of alias, crypt and their kind, and of union and combine. */
const NAMES_REMOTES: ReadonlySet<string> = new Set(['remote', 'upstreams']);

/**
 * The environment of one rclone (or restic) that works on a remote. It holds that remote, and those that it lies on when
 * the host settings make it an alias or wrap it.
 */
export async function remoteEnvironment(name: string, sources: RemoteSources): Promise<RemoteEnvironment> {
  const remotes = new Map<string, Texts>();
  const secrets: SecretValue[] = [];
  const todo = [name];
  for (let remote = todo.pop(); remote !== undefined; remote = todo.pop()) {
    const resolved = await resolvedOptions(remote, sources);
    if (resolved.kind === 'fault') return resolved;
    remotes.set(remote, resolved.texts);
    secrets.push(...resolved.secrets);
    todo.push(...remotesIn(resolved.texts, sources).filter((other) => !remotes.has(other)));
  }
  for (const secret of secrets) sources.secrets.learn(secret);
  return { kind: 'remote', variables: variablesOf(remotes), options: remotes.get(name) ?? {}, secrets };
}

type Texts = Readonly<Record<string, string>>;

function variablesOf(remotes: ReadonlyMap<string, Texts>): Texts {
  const all = [...remotes].flatMap(([remote, texts]) =>
    Object.entries(texts).map(([option, text]) => [
      `RCLONE_CONFIG_${remote.toUpperCase()}_${option.toUpperCase()}`,
      text,
    ]),
  );
  return Object.fromEntries(all) as Texts;
}

async function resolvedOptions(
  remote: string,
  sources: RemoteSources,
): Promise<
  | { readonly kind: 'options'; readonly texts: Texts; readonly secrets: readonly SecretValue[] }
  | { readonly kind: 'fault'; readonly fault: Fault }
> {
  const options = optionsOf(remote, sources);
  if (options === undefined) return { kind: 'fault', fault: undeclared(remote, sources) };
  const texts: Record<string, string> = {};
  const secrets: SecretValue[] = [];
  for (const [option, source] of Object.entries(options)) {
    const value = await valueOf({ remote, option, source }, sources);
    if (value.kind === 'fault') return value;
    texts[option] = value.text;
    secrets.push(...value.secrets);
  }
  return { kind: 'options', texts, secrets };
}

function optionsOf(
  name: string,
  { state, overrides }: RemoteSources,
): Readonly<Record<string, OptionSource>> | undefined {
  const override = own(overrides?.remotes, name);
  if (override !== undefined) return override;
  const declared = own(state.remotes, name);
  return declared === undefined ? undefined : remoteOptions(declared);
}

interface Option {
  readonly remote: string;
  readonly option: string;
  readonly source: OptionSource;
}

async function valueOf({ remote, option, source }: Option, sources: RemoteSources): Promise<OptionValue> {
  if (typeof source === 'string') {
    const isSecret = SECRET_OPTION.test(option) && source !== '';
    return { kind: 'value', text: source, secrets: isSecret ? [new SecretValue(source)] : [] };
  }
  if ('secret' in source) {
    const found = await sources.secrets.resolve(source.secret, sources.state.secrets);
    return found.kind === 'missing'
      ? { kind: 'fault', fault: found.fault }
      : { kind: 'value', text: found.value.reveal(), secrets: [found.value] };
  }
  const place = `overrides.remotes.${remote}.${option}`;
  const content = await readSecretFile(source.file);
  if (content.kind === 'refused') {
    const message = `the remote ${remote} cannot be used (${place}): ${content.fault.message}`;
    return { kind: 'fault', fault: { ...content.fault, message } };
  }
  const plain = new SecretValue(content.text.replace(/\r?\n$/, ''));
  if (plain.reveal() === '') return { kind: 'fault', fault: empty(source.file, place) };
  if (source.obscure !== true) return { kind: 'value', text: plain.reveal(), secrets: [plain] };
  const hidden = await obscured(plain, sources);
  if (hidden === undefined) return { kind: 'fault', fault: cannotObscure(place) };
  return { kind: 'value', text: hidden.reveal(), secrets: [plain, hidden] };
}

function remotesIn(texts: Texts, { state, overrides }: RemoteSources): readonly string[] {
  const named = Object.entries(texts).flatMap(([option, text]) => (NAMES_REMOTES.has(option) ? [text] : []));
  const names = named.flatMap((text) =>
    [...text.matchAll(/(?:^|[\s="])([a-z][a-z0-9]*):/g)].map(([, name = '']) => name),
  );
  return names.filter(
    (name) => own(overrides?.remotes, name) !== undefined || own(state.remotes, name) !== undefined,
  );
}

function undeclared(name: string, { state }: RemoteSources): Fault {
  const left = own(state.remotes, name) !== undefined;
  const next = left
    ? `add overrides: { remotes: { ${name}: { type: … } } } to the host settings (docs/secrets.md)`
    : `declare ${name} under remotes: in the state repo`;
  const message = left
    ? `the state repo leaves the remote ${name} to the host settings, and they do not say what it is`
    : `there is no remote ${JSON.stringify(name)}: neither the state repo nor the host settings (overrides.remotes) name it`;
  return { reason: 'RemoteMissing', message, next };
}

function empty(file: string, place: string): Fault {
  return {
    reason: 'SecretMissing',
    message: `${file} (${place}) is empty`,
    next: `write the secret into ${file}`,
  };
}

function cannotObscure(place: string): Fault {
  return {
    reason: 'ProgramMissing',
    message: `rclone could not obscure the password of ${place}`,
    next: 'apt install rclone',
  };
}

/** Names come from a push: `constructor` must not find what every object has. */
function own<Value>(record: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
