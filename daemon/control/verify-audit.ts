import { chainReport, type AuditReport } from '../audit/audit-report.ts';
import type { Host } from '../host.ts';

/** Looks at the host's whole audit. */
export async function verifyAudit(host: Host): Promise<AuditReport> {
  const { base, head, verdict } = await host.audit.snapshot();
  return chainReport(verdict, { folder: host.paths.audit, host: host.settings.host, base, head });
}
