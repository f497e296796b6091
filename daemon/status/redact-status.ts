import type { History } from '../../state-schema/generated/history.ts';
import type { NotificationStatus, ResourceStatus, Run, Status } from '../../state-schema/generated/status.ts';
import { reasonSentences } from '../../state-schema/reasons.ts';
import { standIn } from '../stand-in.ts';

/**
 * A status that may be read by strangers: paths and names of files and users are gone, and messages, which may hold
 * such names, give way to the plain sentence of their reason. Names of resources become short keyed digests, which
 * nobody without the host's key can test a guess against. Pure.
 */
export function redactStatus(status: Status, key: string): Status {
  return {
    ...status,
    summary: { level: status.summary.level, sentence: levelSentences[status.summary.level](status.host) },
    source: {
      url: '(redacted)',
      branch: status.source.branch,
      ...revisionsOf(status),
      log: status.source.log.map((entry) => ({
        sha: entry.sha,
        time: entry.time,
        subject: '(redacted)',
        author: '(redacted)',
      })),
    },
    conditions: status.conditions.map((condition) => ({
      ...condition,
      message: reasonSentences[condition.reason],
    })),
    problems: status.problems.map(({ line, column }) => ({
      file: '(redacted)',
      line,
      column,
      message: '(redacted)',
    })),
    resources: {
      ...status.resources,
      items: status.resources.items.map((item) => redactResource(item, key)),
    },
    volumes: status.volumes.map(({ device: _device, disk: _disk, ...volume }) => ({
      ...volume,
      mount: '(redacted)',
      message: reasonSentences[volume.reason],
    })),
    policies: status.policies.map(
      ({ source: _source, target: _target, progress: _progress, lastRun, ...policy }) => ({
        ...policy,
        message: reasonSentences[policy.reason],
        ...(lastRun === undefined ? {} : { lastRun: redactRun(lastRun) }),
      }),
    ),
    ...(status.notifications === undefined
      ? {}
      : { notifications: status.notifications.map(redactNotification) }),
    notCarriedOut: status.notCarriedOut.map((what) => what.split(' ')[0] ?? ''),
  };
}

function redactNotification({ message: _message, ...rest }: NotificationStatus): NotificationStatus {
  return rest;
}

/** The history for strangers. Pure. */
export function redactHistory(history: History): History {
  return {
    ...history,
    policies: Object.fromEntries(
      Object.entries(history.policies).map(([name, runs]) => [name, runs.map(redactRun)]),
    ),
    passes: history.passes.map(({ message: _message, repairs: _repairs, ...pass }) => pass),
  };
}

const levelSentences: Readonly<Record<Status['summary']['level'], (host: string) => string>> = {
  ok: (host) => `${host} is as its repository says.`,
  busy: (host) => `${host} is at work.`,
  warning: (host) => `${host} wants to be looked at.`,
  failed: (host) => `${host} needs a person.`,
  unknown: (host) => `The state of ${host} is unknown.`,
};

function revisionsOf({ source }: Status): Omit<Status['source'], 'url' | 'branch' | 'log'> {
  const { observed, attempted, applied, verified, refused, quarantined } = source;
  const nobody = '(redacted)';
  return {
    ...(observed === undefined ? {} : { observed }),
    ...(attempted === undefined ? {} : { attempted }),
    ...(applied === undefined ? {} : { applied }),
    ...(verified === undefined ? {} : { verified: { ...verified, by: nobody, key: nobody } }),
    ...(refused === undefined ? {} : { refused: { ...refused, author: nobody, subject: nobody } }),
    ...(quarantined === undefined
      ? {}
      : {
          quarantined: quarantined.map((one) => ({ ...one, message: reasonSentences[one.reason] })),
        }),
  };
}

/** The same path keeps the same short name, so that a reader can still follow one resource over time. */
function redactResource({ message, ...resource }: ResourceStatus, key: string): ResourceStatus {
  const name = standIn(resource.id, key);
  return {
    ...resource,
    id: `${resource.kind}:${name}`,
    ...(message === undefined || resource.reason === undefined
      ? {}
      : { message: reasonSentences[resource.reason] }),
  };
}

function redactRun({ message: _message, unreadable: _unreadable, ...run }: Run): Run {
  return run;
}
