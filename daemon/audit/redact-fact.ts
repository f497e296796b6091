import { standIn } from '../stand-in.ts';
import type { CanonicalValue } from './canonical-json.ts';
import type { AuditFact } from './fact.ts';

/** Facts that may hold anything a person or a program said. */
const FREE_TEXT: ReadonlySet<string> = new Set(['message', 'what', 'cause']);
/** Facts that name a place; a name alone would do to find it again. */
const NAMES: ReadonlySet<string> = new Set(['resource', 'repository', 'argument', 'from']);

/**
 * A fact as strangers may read it: free text is gone, and places have stand-ins. It is redacted before its line is written,
 * because a line that was changed later would break the chain. Pure.
 */
export function redactFact(fact: AuditFact, key: string): AuditFact {
  return { kind: fact.kind, facts: redacted(fact.facts, key) };
}

function redacted(facts: AuditFact['facts'], key: string): Record<string, CanonicalValue> {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) => {
      if (value === undefined || FREE_TEXT.has(name)) return [];
      return [
        [name, NAMES.has(name) && typeof value === 'string' ? shortened(value, key) : inside(value, key)],
      ];
    }),
  );
}

/** Of a resource the kind stays: `directory:3fa9c1d2`. */
function shortened(value: string, key: string): string {
  const kind = /^[a-z-]+(?=:)/.exec(value)?.[0];
  return kind === undefined ? standIn(value, key) : `${kind}:${standIn(value, key)}`;
}

function inside(value: CanonicalValue, key: string): CanonicalValue {
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return (value as readonly CanonicalValue[]).map((member) => inside(member, key));
  return redacted(value as AuditFact['facts'], key);
}
