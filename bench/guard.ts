import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../daemon/process/run.ts';
import type { Bench, Measurement } from './bench.ts';

const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';
const MOST = { read: 1, delete: 5 } as const;

/** A look at a disk, which every pass takes of every volume, against the program that others start for it. */
export const guardBench: Bench = {
  name: 'guard',
  goal: 'a look at a mounted disk costs at most one lsblk, and one that believes nothing of an earlier look at most 5 (needs root)',
  run: measure,
};

interface Looks {
  readonly read: number;
  readonly delete: number;
  readonly lsblk: number;
}

async function measure(): Promise<readonly Measurement[]> {
  if (process.getuid?.() !== 0) return [];
  const { read, delete: afresh, lsblk } = await looksAtDisk();
  return [
    figure('a look', { value: read, lsblk, most: MOST.read }),
    figure('a look before something is deleted', { value: afresh, lsblk, most: MOST.delete }),
  ];
}

async function looksAtDisk(): Promise<Looks> {
  const folder = await mkdtemp(join(tmpdir(), 'anchord-bench-'));
  try {
    const scenario = fileURLToPath(new URL('guard-disk.js', import.meta.url));
    const args = ['--mount', process.execPath, scenario, folder];
    const { code, stdout, stderr } = await run({ program: 'unshare', args, env: { PATH } });
    if (code !== 0) throw new Error(`no looks could be taken: ${stderr}`);
    return JSON.parse(stdout) as Looks;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function figure(
  what: string,
  { value, lsblk, most }: { readonly value: number; readonly lsblk: number; readonly most: number },
): Measurement {
  const ratio = value / lsblk;
  return { what, value, unit: 'ms', baseline: 'lsblk', baselineValue: lsblk, ratio, ok: ratio <= most };
}
