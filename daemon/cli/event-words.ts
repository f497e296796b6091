import type { AnchordEvent } from '../events.ts';
import { visibleText } from '../page/visible-text.ts';

/** An event in one line for a person; undefined for what only machines want to know. Pure. */
export function eventWords(event: AnchordEvent): string | undefined {
  const words = rawWords(event);
  return words === undefined ? undefined : visibleText(words);
}

function rawWords(event: AnchordEvent): string | undefined {
  switch (event.kind) {
    case 'daemon.started':
      return `anchord ${event.version} started for ${event.host}`;
    case 'daemon.listening':
      return `page at ${event.url}`;
    case 'daemon.stopping':
      return `stopping (${event.cause})`;
    case 'look.failed':
      return `cannot look for new revisions: ${event.fault.message}`;
    case 'revision.fetched':
      return `fetched ${short(event.revision)}`;
    case 'revision.rejected':
      return `rejected ${short(event.revision)}: ${event.fault.message}`;
    case 'revision.trusted':
      return `accepted ${short(event.revision)}`;
    case 'mirror.healed':
      return `the mirror was made anew: ${event.message}`;
    case 'resource.changed':
      return `${event.resource.state}: ${event.resource.id}${event.resource.message === undefined ? '' : ` (${event.resource.message})`}`;
    case 'resources.changed':
      return `${event.count} resources changed in all`;
    case 'pass.ended':
      return `${short(event.pass.revision ?? '')}: ${event.pass.changed} changed, ${event.pass.repaired} put right, ${event.pass.failed} failed, ${event.pass.waiting} waiting`;
    case 'run.started':
      return `${event.policy} started (${event.trigger})`;
    case 'run.ended':
      return `${event.run.policy} ended: ${event.run.outcome}${event.run.message === undefined ? '' : `: ${event.run.message}`}`;
    case 'policies.failed':
      return `cannot look at the schedules: ${event.fault.message}`;
    case 'status.published':
      return `published status ${short(event.commit)}`;
    case 'status.failed':
      return `cannot publish the status: ${event.fault.message}`;
    case 'look.started':
    case 'look.ended':
    case 'pass.started':
    case 'condition.changed':
    case 'run.progress':
      return undefined;
  }
}

function short(revision: string): string {
  return revision.slice(0, 10);
}
