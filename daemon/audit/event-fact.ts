import type { AnchordEvent } from '../events.ts';
import type { AuditFact } from './fact.ts';

type Kind = AnchordEvent['kind'];
type EventOf<K extends Kind> = Extract<AnchordEvent, { kind: K }>;

/** `AuditedStore` tells of it, in the same step in which the store keeps it. */
const TOLD_BY_THE_STORE = undefined;
/** Told elsewhere in this folder: with more to it, or counted. */
const TOLD_OTHERWISE = undefined;
/** No change of the host, and no deed of anybody. */
const NOT_TOLD = undefined;

/** Closed: a new event does not compile before somebody decides here. */
const FACTS: { readonly [K in Kind]: ((event: EventOf<K>) => AuditFact | undefined) | undefined } = {
  'daemon.started': TOLD_OTHERWISE,
  'daemon.listening': NOT_TOLD,
  'program.missing': NOT_TOLD,
  'daemon.stuck': ({ message }) => ({ kind: 'daemon.stuck', facts: { message } }),
  'service.unheard': NOT_TOLD,
  'daemon.stopping': ({ cause }) => ({ kind: 'daemon.stopped', facts: { cause } }),
  'look.started': NOT_TOLD,
  'look.ended': NOT_TOLD,
  'look.failed': NOT_TOLD,
  'revision.fetched': NOT_TOLD,
  'revision.verifying': NOT_TOLD,
  'revision.rejected': TOLD_BY_THE_STORE,
  'revision.trusted': TOLD_BY_THE_STORE,
  'revision.quarantined': ({ revision, fault }) => ({
    kind: 'revision.quarantined',
    facts: { revision, message: fault.message },
  }),
  'mirror.healed': ({ message }) => ({ kind: 'mirror.healed', facts: { message } }),
  'pass.started': NOT_TOLD,
  'resource.changed': ({ resource }) => guardFact(resource),
  'resources.changed': NOT_TOLD,
  'pass.ended': TOLD_BY_THE_STORE,
  'condition.changed': NOT_TOLD,
  'run.started': TOLD_BY_THE_STORE,
  'run.progress': NOT_TOLD,
  'run.ended': TOLD_BY_THE_STORE,
  'restore.progress': NOT_TOLD,
  'secret.stale': NOT_TOLD,
  'secret.fresh': NOT_TOLD,
  'policies.failed': NOT_TOLD,
  'store.failed': NOT_TOLD,
  'auth.failed': TOLD_OTHERWISE,
  'audit.failed': TOLD_OTHERWISE,
  'notification.sent': NOT_TOLD,
  'notification.failed': NOT_TOLD,
  'status.published': NOT_TOLD,
  'status.failed': NOT_TOLD,
};

/** The line that an event by itself is worth; undefined for most. Pure. */
export function eventFact(event: AnchordEvent): AuditFact | undefined {
  // The table pairs each kind with a function of just that kind; the compiler cannot follow the pairing through the index.
  const fact = FACTS[event.kind] as ((event: AnchordEvent) => AuditFact | undefined) | undefined;
  return fact?.(event);
}

/** The state of a volume is its guard's verdict; that of any other resource is told with its pass. */
function guardFact(resource: EventOf<'resource.changed'>['resource']): AuditFact | undefined {
  const { kind, id, state, reason, message } = resource;
  if (kind !== 'volume') return undefined;
  const volume = id.slice('volume:'.length);
  if (state !== 'failed' && state !== 'waiting') return { kind: 'guard.passed', facts: { volume } };
  return { kind: 'guard.failed', facts: { volume, reason, message } };
}
