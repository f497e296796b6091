import { pino } from 'pino';
import type { AnchordEvent, Emit } from '../events.ts';
import type { CliIo } from './cli-io.ts';
import { eventWords } from './event-words.ts';

/** How events may be logged. */
export const LOG_FORMS = ['json', 'text'] as const;

/** One of `LOG_FORMS`. */
export type LogForm = (typeof LOG_FORMS)[number];

/** Writes every event as one line: JSON for machines, or words for a person. */
export function logEvents(io: CliIo, form: LogForm): Emit {
  if (form === 'text') {
    return (event) => {
      const words = eventWords(event);
      if (words !== undefined) io.stdout(`${words}\n`);
    };
  }
  const log = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'message' },
    { write: (line: string) => io.stdout(line) },
  );
  return (event) => {
    const level = levelOf(event);
    log[level]({ event: event.kind, ...event }, eventWords(event) ?? event.kind);
  };
}

function levelOf(event: AnchordEvent): 'debug' | 'info' | 'warn' | 'error' {
  switch (event.kind) {
    case 'look.failed':
    case 'status.failed':
    case 'policies.failed':
    case 'store.failed':
    case 'program.missing':
    case 'auth.failed':
    case 'secret.stale':
      return 'warn';
    case 'revision.rejected':
    case 'audit.failed':
      return 'error';
    case 'run.ended':
      return event.run.outcome === 'ok' ? 'info' : 'error';
    default:
      return 'info';
  }
}
