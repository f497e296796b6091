import { looksLikeSecret } from '../looks-like-secret.ts';
import type { Finding, ValuePath } from '../parse/finding.ts';
import type { CheckContext } from './check-context.ts';

// Keys here name secrets or what they belong to; their values are names too.
const NAMES_ONLY: ReadonlySet<string> = new Set(['secret', 'file', 'command', 'vault', 'item']);

/** No value that looks like a secret stands where a name or a literal is meant. Known shapes are found in the text itself. */
export function checkSecretValues({ state }: CheckContext): readonly Finding[] {
  const sections = {
    remotes: state.remotes,
    secrets: state.secrets,
    policies: state.policies,
    notify: state.notify,
  };
  return Object.entries(sections).flatMap(([section, things]) => {
    return Object.entries(things).flatMap(([name, thing]) =>
      search(thing, [section, section === 'notify' ? Number(name) : name]),
    );
  });
}

function search(value: unknown, at: ValuePath): Finding[] {
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, child]: [string, unknown]) => search(child, [...at, key]));
  }
  const key = String(at.at(-1));
  if (typeof value !== 'string' || NAMES_ONLY.has(key) || !looksLikeSecret(key, value)) return [];
  const message = `the value of ${at.join(' › ')} looks like a secret; make it invalid at once, as the history keeps it, and refer to a secret by name`;
  return [{ code: 'secret-value', at, on: 'value', message, expected: '{ secret: NAME }' }];
}
