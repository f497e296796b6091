import type { Clock } from '../clock.ts';
import type { EventHub } from '../event-hub.ts';
import type { Store } from '../store/store.ts';
import { AuditLog } from './audit-log.ts';
import { AuthFailures } from './auth-failures.ts';
import { eventFact } from './event-fact.ts';
import { noteRedaction } from './export-start.ts';
import { redactFact } from './redact-fact.ts';
import { redactKey } from './redact-key.ts';

/** Opens the audit of a host, which from then on also tells of what is said on its hub. */
export async function openAudit(parts: {
  readonly host: string;
  /** Whether its lines may be read by strangers. */
  readonly redact: boolean;
  readonly folder: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly hub: EventHub;
}): Promise<AuditLog> {
  const { hub, store } = parts;
  const key = parts.redact ? await redactKey(store) : undefined;
  const audit = await AuditLog.open({
    ...parts,
    emit: hub.emit,
    redact: (fact) => (key === undefined ? fact : redactFact(fact, key)),
  });
  await noteRedaction(store, { redact: parts.redact, head: audit.head });
  const failures = new AuthFailures((fact) => audit.record(fact));
  hub.listen((event) => {
    if (event.kind === 'auth.failed') failures.note(event);
    if (event.kind === 'daemon.stopping') failures.end();
    const fact = eventFact(event);
    if (fact !== undefined) audit.record(fact);
  });
  return audit;
}
