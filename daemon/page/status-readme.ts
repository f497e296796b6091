import type { History, Pass } from '../../state-schema/generated/history.ts';
import type {
  Condition,
  PolicyStatus,
  Source,
  Status,
  VolumeStatus,
} from '../../state-schema/generated/status.ts';
import { reasonSentences } from '../../state-schema/reasons.ts';
import { code, prose, table } from './markdown.ts';

/** So many rows of a long list a forge still renders quickly. */
const MAX_ROWS = 50;
/** So many of the things that one pass put right are named. */
const NAMED_REPAIRS = 5;

/** `README.md` of the status branch: the page's content for a reader who has only a forge or a pager. */
export function statusReadme(status: Status, history: History): string {
  const sections = [
    headline(status),
    section('Why the newest revision was rejected', problems(status)),
    section('Held back', heldBack(status.source)),
    section('Conditions', conditions(status.conditions)),
    section('Volumes', volumes(status.volumes)),
    section('Policies', policies(status.policies)),
    section('Resources', resources(status)),
    section(
      'Declared but not carried out by this version',
      status.notCarriedOut.map((item) => `- ${code(item)}\n`).join(''),
    ),
    section('Commits', commits(status.source)),
    section('Passes', passes(history)),
    section('Audit', auditWords(status)),
    'The same as a page: `index.html` in a clone of this branch. For machines: `status.json`, `history.json`.\n',
  ];
  return sections.filter((text) => text !== '').join('\n');
}

function headline({ host, summary, generatedAt, expectedEverySeconds, source, daemon }: Status): string {
  const parts = [
    `# ${prose(host)}\n`,
    `**${prose(summary.sentence)}**\n`,
    summary.reason === undefined ? '' : `${prose(summary.reason)}\n`,
    summary.next === undefined ? '' : `Next: ${prose(summary.next)}\n`,
    `Said at ${generatedAt} by ${prose(`anchord ${daemon.version}`)}${revisionWords(source)}. ` +
      `If it is now more than ${span(2 * expectedEverySeconds)} later, the state is unknown.\n`,
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function span(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}

function revisionWords(source: Source): string {
  if (source.applied === undefined) return '; no revision has been applied yet';
  return `, of revision ${code(source.applied.slice(0, 12))} on ${code(source.branch)} of ${code(source.url)}${signedBy(source)}`;
}

function signedBy({ verified, applied }: Source): string {
  return verified === undefined || verified.revision !== applied
    ? ''
    : `, signed by ${prose(verified.by)} (${verified.method}, ${code(verified.key)})`;
}

/** Commits that were pushed and are not in force, and why. */
function heldBack({ refused, quarantined = [] }: Source): string {
  const unsigned =
    refused === undefined
      ? []
      : [
          [
            code(refused.sha.slice(0, 12)),
            `${prose(refused.subject)}, by ${prose(refused.author)}`,
            reasonSentences[refused.reason],
            refused.time,
          ],
        ];
  const rows = quarantined.map((one) => [
    code(one.revision.slice(0, 12)),
    prose(one.message),
    reasonSentences[one.reason],
    one.since,
  ]);
  return table(['Commit', 'What', 'Why', 'Time'], [...unsigned, ...rows]);
}

function section(title: string, content: string): string {
  return content === '' ? '' : `## ${title}\n\n${content}`;
}

function problems(status: Status): string {
  return table(
    ['Where', 'What'],
    status.problems.map(({ file, line, column, message }) => [
      code(`${file}:${line}:${column}`),
      prose(message),
    ]),
  );
}

function conditions(items: readonly Condition[]): string {
  const rows = items.map((item) => [
    item.type,
    item.status,
    item.reason,
    prose(item.message === '' ? reasonSentences[item.reason] : item.message),
    item.lastTransitionTime,
  ]);
  return table(['Condition', 'Is', 'Reason', 'Message', 'Since'], rows);
}

function volumes(items: readonly VolumeStatus[]): string {
  const rows = items.map((item) => [
    code(item.name),
    code(item.mount),
    item.guard,
    prose(item.message === '' ? reasonSentences[item.reason] : item.message),
    item.sizeBytes === undefined || item.freeBytes === undefined
      ? ''
      : `${percent(item.freeBytes, item.sizeBytes)} free`,
  ]);
  return table(['Volume', 'Mount', 'Guard', 'Message', 'Space'], rows);
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '0 %' : `${Math.round((100 * part) / whole)} %`;
}

function policies(items: readonly PolicyStatus[]): string {
  const rows = items.map((item) => [
    code(item.name),
    item.kind,
    item.state,
    prose(item.message === '' ? reasonSentences[item.reason] : item.message),
    item.lastRun === undefined ? 'never' : `${item.lastRun.outcome}, ${item.lastRun.endedAt}`,
    item.lastSuccessAt ?? 'never',
    provedCell(item),
    item.overdueAfter ?? '',
    `${code(item.schedule)} ${prose(item.timezone)}`,
  ]);
  return table(
    [
      'Policy',
      'Kind',
      'State',
      'Message',
      'Last run',
      'Last good run',
      'Last proved',
      'Overdue after',
      'Schedule',
    ],
    rows,
  );
}

/** Only what keeps a copy can be proved. */
function provedCell({ kind, proof }: PolicyStatus): string {
  if (kind !== 'backup' && kind !== 'mirror') return '';
  return proof === undefined ? 'never' : `${proof.at}, ${proof.files} files`;
}

function resources({ resources: { counts, items } }: Status): string {
  const total = Object.entries(counts).map(([state, count]) => `${count} ${prose(state)}`);
  if (total.length === 0) return '';
  const bad = items.filter((item) => item.state !== 'in-sync');
  const rows = bad
    .slice(0, MAX_ROWS)
    .map((item) => [
      code(item.id),
      item.state,
      prose(item.message ?? (item.reason ? reasonSentences[item.reason] : '')),
      item.since,
    ]);
  const more = bad.length > MAX_ROWS ? `\n${bad.length - MAX_ROWS} more are in \`status.json\`.\n` : '';
  return `${total.join(', ')}.\n\n${table(['Resource', 'State', 'Message', 'Since'], rows)}${more}`;
}

function commits(source: Source): string {
  const rows = source.log
    .slice(0, MAX_ROWS)
    .map((entry) => [code(entry.sha.slice(0, 12)), prose(entry.subject), prose(entry.author), entry.time]);
  return table(['Commit', 'Subject', 'Author', 'Time'], rows);
}

function passes(history: History): string {
  const rows = history.passes.map((pass) => [
    pass.startedAt,
    pass.result,
    code((pass.revision ?? '').slice(0, 12)),
    `${pass.changed} changed, ${pass.repaired} repaired, ${pass.failed} failed, ${pass.waiting} waiting`,
    prose(pass.message ?? repairsWords(pass)),
  ]);
  return table(['Started', 'Result', 'Revision', 'Resources', 'Message'], rows);
}

function repairsWords({ repaired, repairs = [] }: Pass): string {
  const named = repairs.slice(0, NAMED_REPAIRS).map(({ id, what }) => `${id.replace(':', ' ')} (${what})`);
  const more = repaired - named.length;
  if (named.length === 0) return '';
  return `put right: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Every line of the chain names the one before, so its last line stands for all of them. */
function auditWords({ audit }: Status): string {
  if (audit === undefined) return '';
  return `The chain in \`audit/host/\` ends with line ${audit.seq}; \`status.json\` has its time and its SHA-256.\n`;
}
