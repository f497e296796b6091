import type { ResourceState } from '../../state-schema/generated/status.ts';
import type { AnchordEvent } from '../events.ts';
import { faultText } from '../fault-text.ts';
import { visibleText } from '../page/visible-text.ts';

type Kind = AnchordEvent['kind'];
type EventOf<K extends Kind> = Extract<AnchordEvent, { kind: K }>;

/** What a pass did, told as a deed. */
const STATE_WORDS: Partial<Record<ResourceState, string>> = { drifted: 'put right' };

/** What to say of each kind; a kind without words is for machines only. */
const WORDS: { readonly [K in Kind]: ((event: EventOf<K>) => string) | undefined } = {
  'daemon.started': ({ version, host }) => `anchord ${version} started for ${host}`,
  'daemon.listening': ({ url }) => `page at ${url}`,
  'program.missing': ({ message, remedy }) => `${message}; ${remedy}`,
  'daemon.stuck': ({ message }) => `stuck: ${message}`,
  'service.unheard': ({ message, remedy }) => `${message}; ${remedy}`,
  'daemon.stopping': ({ cause }) => `stopping (${cause})`,
  'look.started': undefined,
  'look.ended': undefined,
  'look.failed': ({ fault }) => `cannot look for new revisions: ${fault.message}`,
  'revision.fetched': ({ revision }) => `fetched ${short(revision)}`,
  'revision.verifying': ({ revision, commits }) =>
    `checking who signed ${commits === 1 ? 'the commit' : `${commits} commits`} of ${short(revision)}`,
  'revision.rejected': ({ revision, fault }) => `rejected ${short(revision)}: ${fault.message}`,
  'revision.trusted': ({ revision }) => `accepted ${short(revision)}`,
  'revision.quarantined': ({ revision, fault }) => `went back from ${short(revision)}: ${fault.message}`,
  'mirror.healed': ({ message }) => `the mirror was made anew: ${message}`,
  'pass.started': undefined,
  'resource.changed': ({ resource, what }) =>
    `${STATE_WORDS[resource.state] ?? resource.state}: ${resource.id}${because(resource.message ?? what)}`,
  'resources.changed': ({ count }) => `${count} resources changed in all`,
  'pass.ended': ({ pass }) =>
    `${short(pass.revision ?? 'by hand')}: ${pass.changed} changed, ${pass.repaired} put right, ${pass.failed} failed, ${pass.waiting} waiting`,
  'condition.changed': undefined,
  'run.started': ({ policy, trigger }) => `${policy} started (${trigger})`,
  'run.progress': undefined,
  'restore.progress': undefined,
  'run.ended': ({ run }) => `${run.policy} ended: ${run.outcome}${because(run.message)}`,
  'secret.stale': ({ fault }) => faultText(fault),
  'secret.fresh': ({ secret }) => `the secret ${secret} can be had again`,
  'policies.failed': ({ fault }) => `cannot look at the schedules: ${fault.message}`,
  'store.failed': ({ fault }) => `cannot keep what was learned: ${fault.message}`,
  'auth.failed': ({ door, from }) => `refused ${door} to ${from}: no valid proof of who asks`,
  'audit.failed': ({ fault }) => `the audit: ${fault.message}`,
  'notification.sent': ({ to }) => `notified ${to}`,
  'notification.failed': ({ to, fault }) => `cannot notify ${to}: ${fault.message}`,
  'status.published': ({ commit }) => `published status ${short(commit)}`,
  'status.failed': ({ fault }) => `cannot publish the status: ${fault.message}`,
};

/** An event in one line for a person; undefined for what only machines want to know. Pure. */
export function eventWords(event: AnchordEvent): string | undefined {
  // The table pairs each kind with a function of just that kind; the compiler cannot follow the pairing through the index.
  const words = WORDS[event.kind] as ((event: AnchordEvent) => string) | undefined;
  return words === undefined ? undefined : visibleText(words(event));
}

function because(message: string | undefined): string {
  return message === undefined ? '' : ` (${message})`;
}

function short(revision: string): string {
  return revision.slice(0, 10);
}
