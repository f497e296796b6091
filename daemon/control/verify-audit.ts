import { chainReport, type AuditFault, type AuditReport } from '../audit/audit-report.ts';
import { compareBranch, type BranchFault } from '../audit/compare-branch.ts';
import { EXPORT_FOLDER } from '../audit/exported-files.ts';
import { publishedAudit } from '../audit/published-audit.ts';
import { readPublishedBranch, type PublishedBranch } from '../git/published-branch.ts';
import type { Host } from '../host.ts';
import { visibleText } from '../page/visible-text.ts';
import { shellWord } from '../shell-word.ts';

/** Looks at the host's whole audit, and where asked for at what of it was published. */
export async function verifyAudit(
  host: Host,
  { remote }: { readonly remote: boolean },
): Promise<AuditReport> {
  // Before the branch is fetched: what is published meanwhile is no fault of it.
  const published = remote ? await publishedAudit(host.store) : undefined;
  const branch = remote ? await fetchBranch(host) : undefined;
  const { base, head, segments, verdict } = await host.audit.snapshot();
  const report = chainReport(verdict, { folder: host.paths.audit, host: host.settings.host, base, head });
  if (!remote) return report;
  const known = { base, head, segments, ...(published === undefined ? {} : { published }) };
  const { seq, fault } = compareBranch(branch, known);
  const faults = [...report.faults, ...(fault === undefined ? [] : [branchFault(fault, host)])];
  if (branch === undefined) return { ...report, faults };
  return { ...report, branch: { commit: branch.tip, seq, commits: branch.commits.length }, faults };
}

function fetchBranch({ settings, environment, paths }: Host): Promise<PublishedBranch | undefined> {
  const { url, credentials } = settings.status;
  return readPublishedBranch({
    dir: paths.auditRepo,
    home: `${paths.gitHome}/audit`,
    path: environment.path,
    host: settings.host,
    url,
    limits: { fetchBytes: settings.repository.fetchLimitBytes },
    folder: EXPORT_FOLDER,
    trailer: 'Audit-Head',
    ...(credentials === undefined ? {} : { credentials }),
  });
}

function branchFault(fault: BranchFault, { settings }: Host): AuditFault {
  const branch = `anchord-status/${settings.host}`;
  const place = 'at' in fault ? { segment: fault.at.segment, line: fault.at.line } : {};
  const where =
    'at' in fault
      ? `, line ${fault.at.line} of ${EXPORT_FOLDER}/${fault.at.segment}.jsonl (${fault.kind})`
      : '';
  const { kind, found, expected } = fault;
  return {
    kind,
    ...place,
    found,
    expected,
    reason: 'AuditTampered',
    message: `the branch ${branch} does not bear out this host${where}: found ${visibleText(found)}, expected ${visibleText(expected)}`,
    next: `find out who wrote to it, and compare: git clone --branch ${branch} ${shellWord(settings.status.url)} status && git -C status log`,
  };
}
