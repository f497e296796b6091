import { join } from 'node:path';
import { Stalled } from '../errors.ts';
import { chainReport, type AuditReport } from './audit-report.ts';
import { firstBase } from './first-base.ts';
import { readSegments } from './segment-files.ts';
import { verifyChain } from './verify-chain.ts';

/**
 * Looks at a chain that only files tell of, for example in a clone of a status branch: whoever has them needs no host. A
 * chain that ends too early, or was computed anew from end to end, cannot be told from a right one here.
 */
export async function verifyFolder(dir: string): Promise<AuditReport> {
  for (const folder of [join(dir, 'audit/host'), dir]) {
    const segments = await readSegments(folder);
    if (segments.length === 0) continue;
    const base = firstBase(segments);
    return chainReport(verifyChain(segments, { base }), { folder, host: 'HOST', base });
  }
  throw new Stalled({
    reason: 'NotDeclared',
    message: `there is no audit in ${dir}: neither audit/host/YYYY/MM/DD.jsonl nor YYYY/MM/DD.jsonl`,
    next: 'name a clone of a status branch (git clone --branch anchord-status/HOST URL), or its folder audit/host',
  });
}
