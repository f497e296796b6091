import type { Share } from '../generated/state-file.ts';
import type { Finding } from '../parse/finding.ts';
import { quote } from '../quote.ts';
import { isComplete, type CheckContext } from './check-context.ts';
import { pathFault } from './path-fault.ts';
import { selfAndAbove } from './path-tree.ts';

/** Shares do not overlap, stand on something declared, and somebody may use them. */
export function checkShares(context: CheckContext): readonly Finding[] {
  const shares = Object.entries(context.state.shares);
  return [
    ...overlapping(context),
    ...shares.flatMap(([name, share]) => [
      ...undeclared(context, name, share),
      ...contradictions(name, share),
    ]),
  ];
}

function overlapping({ state }: CheckContext): Finding[] {
  const owners = new Map<string, string>();
  const shares = Object.entries(state.shares).filter(([, { path }]) => pathFault(path) === undefined);
  for (const [name, { path }] of shares) if (!owners.has(path)) owners.set(path, name);
  return shares.flatMap(([name, { path }]): Finding[] => {
    const other = selfAndAbove(path)
      .map((above) => owners.get(above))
      .find((owner) => owner !== undefined && owner !== name);
    if (other === undefined) return [];
    const message = `share ${name} serves ${quote(path)}, which share ${other} serves too; two sets of rules over one tree undo each other`;
    return [
      {
        code: 'overlap',
        at: ['shares', name, 'path'],
        on: 'value',
        message,
        also: [['shares', other, 'path']],
      },
    ];
  });
}

function undeclared(context: CheckContext, name: string, { path }: Share): Finding[] {
  const { state } = context;
  // smb.conf has its own meaning for these, wherever they stand.
  if (/[%"'\\;#]|^\s|\s$/.test(path)) {
    const message = `the path ${quote(path)} of share ${name} holds one of % " ' \\ ; # or ends in a space, which Samba reads as something else`;
    return [{ code: 'path', at: ['shares', name, 'path'], on: 'value', message, found: quote(path) }];
  }
  if (!isComplete(context, 'directories') || !isComplete(context, 'volumes')) return [];
  const isVolume = Object.values(state.volumes).some(({ mount }) => mount === path);
  if (isVolume || Object.hasOwn(state.directories, path) || Object.hasOwn(state.links, path)) return [];
  const expected = 'the mount of a volume or a declared directory';
  const message = `share ${name} serves ${quote(path)}, which nothing declares; ${expected} is expected, so add it under directories`;
  return [
    {
      code: 'unknown-reference',
      at: ['shares', name, 'path'],
      on: 'value',
      message,
      found: quote(path),
      expected,
    },
  ];
}

function contradictions(name: string, { write = [], read = [], recycle, timeMachine }: Share): Finding[] {
  const findings: Finding[] = [];
  if (write.length === 0 && read.length === 0) {
    const message = `share ${name} lets nobody in; name users under write or read`;
    findings.push({
      code: 'missing-key',
      at: ['shares', name],
      on: 'key',
      message,
      expected: 'the key write or read',
    });
  }
  const writers = new Set(write);
  for (const [index, user] of read.entries()) {
    if (!writers.has(user)) continue;
    const message = `share ${name} names ${user} under write and under read; keep one of them`;
    findings.push({
      code: 'duplicate',
      at: ['shares', name, 'read', index],
      on: 'value',
      message,
      also: [['shares', name, 'write']],
    });
  }
  if (timeMachine !== undefined && recycle !== undefined) {
    const message = `share ${name} is a Time Machine destination; recycle would keep what macOS means to free, so leave it out`;
    findings.push({ code: 'wrong-value', at: ['shares', name, 'recycle'], on: 'key', message });
  }
  return findings;
}
