import type { SecretValue } from './secret-value.ts';

/**
 * The text with every occurrence of the secrets replaced by `***`, also as they look inside JSON or an address.
 * By exact value, because patterns miss what does not look like a secret.
 */
export function redact(text: string, secrets: readonly SecretValue[]): string {
  const forms = secrets.flatMap((secret) => formsOf(secret.reveal())).filter((form) => form !== '');
  // The longest first: otherwise a secret that contains another would be cut in two and its rest shown.
  forms.sort((one, other) => other.length - one.length);
  return forms.reduce((redacted, form) => redacted.replaceAll(form, '***'), text);
}

function formsOf(value: string): readonly string[] {
  return [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)];
}
