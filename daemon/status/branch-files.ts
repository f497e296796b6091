import type { History } from '../../state-schema/generated/history.ts';
import type { Status } from '../../state-schema/generated/status.ts';
import { dataScript } from '../page/data-script.ts';
import { statusReadme } from '../page/status-readme.ts';
import type { AuditExport } from './audit-export.ts';
import { redactHistory, redactStatus } from './redact-status.ts';

/** For those who read the branch with other programs than anchord. */
const FOR_READERS: ReadonlyMap<string, string> = new Map([
  // A clone on Windows may give lines other ends, and the audit would no longer be what its hashes say.
  ['.gitattributes', '* -text\n'],
  // GitHub Pages otherwise takes the branch for the source of a site and leaves files out.
  ['.nojekyll', ''],
  // Where the branch is served to all, what a home's disks hold is not for search engines.
  ['robots.txt', 'User-agent: *\nDisallow: /\n'],
]);

/** Everything a status commit holds. Pure. */
export function branchFiles(what: {
  readonly status: Status;
  readonly history: History;
  readonly page: ReadonlyMap<string, Uint8Array>;
  readonly redactKey?: string;
  readonly audit?: Pick<AuditExport, 'files' | 'kept' | 'trailers'> | undefined;
}): {
  readonly files: ReadonlyMap<string, Uint8Array | string>;
  readonly subject: string;
  readonly trailers: ReadonlyMap<string, string>;
  readonly kept: readonly string[];
} {
  const status = what.redactKey === undefined ? what.status : redactStatus(what.status, what.redactKey);
  const history = what.redactKey === undefined ? what.history : redactHistory(what.history);
  const files = new Map<string, Uint8Array | string>([
    ...FOR_READERS,
    ...what.page,
    ['status.json', `${JSON.stringify(status, null, 2)}\n`],
    ['history.json', `${JSON.stringify(history, null, 2)}\n`],
    ['data.js', dataScript({ status, history, live: false })],
    ['README.md', statusReadme(status, history)],
    ...(what.audit?.files ?? []),
  ]);
  const trailers = new Map([...trailersOf(status, history), ...(what.audit?.trailers ?? [])]);
  return {
    files,
    subject: status.summary.sentence.replaceAll(/\s+/g, ' ').slice(0, 100),
    trailers,
    kept: what.audit?.kept ?? [],
  };
}

function trailersOf(status: Status, history: History): ReadonlyMap<string, string> {
  const trailers = new Map<string, string>();
  const revision = status.source.applied ?? status.source.attempted;
  if (revision !== undefined) trailers.set('Config-Commit', revision);
  const newest = newestRunId(history);
  if (newest !== undefined) trailers.set('Run-Id', newest);
  return trailers.set('Result', status.summary.level);
}

/** The run or pass that ended last: most often the reason for the commit. */
function newestRunId(history: History): string | undefined {
  const ends = [
    ...Object.values(history.policies).flatMap((runs) => runs.slice(0, 1)),
    ...history.passes.slice(0, 1),
  ];
  return ends.toSorted((a, b) => (a.endedAt < b.endedAt ? 1 : -1))[0]?.id;
}
