import type {
  Condition,
  PolicyStatus,
  ResourceStatus,
  Status,
  VolumeStatus,
} from '../../state-schema/generated/status.ts';
import { visibleText } from '../page/visible-text.ts';
import { columns } from './columns.ts';
import { paint, type Colour } from './paint.ts';

/** How many resources that are not in sync are listed. */
const ROWS = 20;

const LEVELS: Readonly<
  Record<Status['summary']['level'], { readonly mark: string; readonly colour: Colour }>
> = {
  ok: { mark: '✔', colour: 'green' },
  busy: { mark: '…', colour: 'blue' },
  warning: { mark: '!', colour: 'yellow' },
  failed: { mark: '✘', colour: 'red' },
  unknown: { mark: '?', colour: 'yellow' },
};

/** A status for a terminal, worst first. Pure. */
export function statusLines(status: Status, io: { readonly colour: boolean }): readonly string[] {
  const { mark, colour } = LEVELS[status.summary.level];
  const { sentence, reason, next } = status.summary;
  return [
    paint(`${mark} ${visibleText(sentence)}`, colour, io),
    ...(reason === undefined ? [] : [`  why:  ${visibleText(reason)}`]),
    ...(next === undefined ? [] : [`  next: ${visibleText(next)}`]),
    '',
    ...section('Problems', status.problems.map(problemLine)),
    ...section('Conditions', columns(status.conditions.map(conditionRow))),
    ...section('Volumes', columns(status.volumes.map(volumeRow))),
    // Those that are not carried out stand at the end, with all else that is not.
    ...section(
      'Policies',
      columns(status.policies.filter(({ state }) => state !== 'not-carried-out').map(policyRow)),
    ),
    ...section(`Resources: ${countWords(status.resources.counts)}`, notInSync(status.resources.items)),
    ...section('Declared, but not carried out by this version', status.notCarriedOut.map(visibleText)),
  ];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 && !title.includes(':') ? [] : [title, ...lines.map((line) => `  ${line}`), ''];
}

function problemLine({ file, line, column, message }: Status['problems'][number]): string {
  return visibleText(`${file}:${line}:${column}: ${message}`);
}

function conditionRow({ type, status, reason, message }: Condition): readonly string[] {
  return [type, status, reason, message];
}

function volumeRow({ name, mount, guard, message }: VolumeStatus): readonly string[] {
  return [name, mount, guard, message];
}

function policyRow({ name, kind, state, message, nextRunAt }: PolicyStatus): readonly string[] {
  return [name, kind, state, nextRunAt === undefined ? message : `${message} (next ${nextRunAt})`];
}

function countWords(counts: Status['resources']['counts']): string {
  const words = Object.entries(counts).map(([state, count]) => `${count} ${state}`);
  return words.length === 0 ? 'none yet' : words.join(', ');
}

function notInSync(items: readonly ResourceStatus[]): readonly string[] {
  const notable = items.filter(
    (item) => item.state !== 'in-sync' && item.state !== 'changed' && item.state !== 'simulated',
  );
  const lines = columns(notable.slice(0, ROWS).map(({ id, state, message }) => [state, id, message ?? '']));
  return notable.length > ROWS ? [...lines, `and ${notable.length - ROWS} more`] : lines;
}
