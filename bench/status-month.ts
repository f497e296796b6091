import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StatusBranch } from '../daemon/git/status-branch.ts';
import { pageFiles } from '../daemon/page/page-files.ts';
import { exportAudit } from '../daemon/status/audit-export.ts';
import { auditHead } from '../daemon/status/audit-head.ts';
import { branchFiles } from '../daemon/status/branch-files.ts';
import type { Bench, Measurement } from './bench.ts';
import { MonthOfHost } from './month-of-host.ts';
import { git } from './push-tree.ts';

const DAYS = 30;
const MOST_KIB = 1024;
const MOST_OF_STATUS_ALONE = 1.6;

/** What a month of one host adds to its repository. */
export const statusMonthBench: Bench = {
  name: 'status-month',
  goal: `${DAYS} days of status and audit, with an hourly and a daily backup, a push every second day and drift once a week, are a pack of at most 1 MiB`,
  run: measure,
};

async function measure(): Promise<readonly Measurement[]> {
  // Side by side, so that whatever else the machine does weighs on both.
  const [whole, alone] = await Promise.all([month('with the audit'), month('status alone')]);
  const commits = { unit: 'commits', baseline: 'status alone', ok: whole.commits === alone.commits };
  return [
    {
      what: 'packed',
      value: whole.packedKiB,
      unit: 'KiB',
      baseline: 'status alone',
      baselineValue: alone.packedKiB,
      ratio: whole.packedKiB / alone.packedKiB,
      ok: whole.packedKiB <= MOST_KIB,
    },
    {
      what: 'a commit',
      value: whole.msPerCommit,
      unit: 'ms',
      baseline: 'status alone',
      baselineValue: alone.msPerCommit,
      ratio: whole.msPerCommit / alone.msPerCommit,
      ok: whole.msPerCommit <= MOST_OF_STATUS_ALONE * alone.msPerCommit,
    },
    {
      what: 'commits',
      value: whole.commits,
      baselineValue: alone.commits,
      ratio: whole.commits / alone.commits,
      ...commits,
    },
  ];
}

async function month(
  what: 'with the audit' | 'status alone',
): Promise<{ readonly packedKiB: number; readonly commits: number; readonly msPerCommit: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'anchord-bench-'));
  try {
    const remote = join(folder, 'remote.git');
    await git(folder, 'init', '--quiet', '--bare', remote);
    await using host = await MonthOfHost.open(folder);
    const place = {
      dir: join(folder, 'status.git'),
      home: join(folder, 'git'),
      path: process.env.PATH ?? '',
    };
    const branch = await StatusBranch.open({ ...place, url: remote, host: host.name });
    const page = await pageFiles();
    let commits = 0;
    let ms = 0;
    for await (const time of host.days(DAYS)) {
      const { status, history } = await host.compose();
      const began = performance.now();
      const audit = what === 'status alone' ? undefined : await exportAudit(host.audit, host.store);
      const told = { ...status, ...auditHead(audit?.head) };
      await branch.publish({ ...branchFiles({ status: told, history, page, audit }), time });
      ms += performance.now() - began;
      commits += 1;
    }
    await git(remote, 'gc', '--quiet');
    return { packedKiB: (await packBytes(remote)) / 1024, commits, msPerCommit: ms / commits };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a clone transfers and every reader keeps; the index beside it is made anew by each. */
async function packBytes(repository: string): Promise<number> {
  const folder = join(repository, 'objects/pack');
  const packs = (await readdir(folder)).filter((name) => name.endsWith('.pack'));
  const sizes = await Promise.all(packs.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
