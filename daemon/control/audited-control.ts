import type { AuditLog } from '../audit/audit-log.ts';
import type { Control } from './control.ts';

/** Who is told of as the one who asked: the socket lets in no other user than this one, and root. */
export interface Asker {
  readonly audit: Pick<AuditLog, 'record'>;
  readonly uid: number;
}

/** A `Control` of which the audit tells what a person asked for and what came of it. Looks are not told. */
export function auditedControl(control: Control, asker: Asker): Control {
  return {
    status: () => control.status(),
    plan: (candidate) => control.plan(candidate),
    policies: () => control.policies(),
    volumes: () => control.volumes(),
    runs: (name, limit) => control.runs(name, limit),
    snapshots: (name, all) => control.snapshots(name, all),
    verifyAudit: (options) => control.verifyAudit(options),
    planPolicy: (name) => control.planPolicy(name),
    apply: (candidate) =>
      told(control.apply(candidate), { command: 'apply', argument: candidate?.of }, asker),
    suspend: (request) => {
      const { by, reason = '' } = request;
      return told(control.suspend(request), { command: 'suspend', argument: `${by}: ${reason}` }, asker);
    },
    testNotifications: () => told(control.testNotifications(), { command: 'doctor --notify' }, asker),
    resume: () => told(control.resume(), { command: 'resume' }, asker),
    runPolicy: (name) => told(control.runPolicy(name), { command: 'policy run', argument: name }, asker),
    cancelPolicy: (name) =>
      told(control.cancelPolicy(name), { command: 'policy cancel', argument: name }, asker),
    initPolicy: (name) => told(control.initPolicy(name), { command: 'policy init', argument: name }, asker),
    acceptPolicy: (name, id) =>
      told(control.acceptPolicy(name, id), { command: 'policy accept', argument: `${name} ${id}` }, asker),
    restore: (request, signal) => {
      const { policy, snapshot, path, to, overwrite } = request;
      const how = overwrite ? ', replacing what is there' : '';
      const argument = `${policy}: ${path ?? 'all'} of ${snapshot} to ${to}${how}`;
      return told(control.restore(request, signal), { command: 'restore', argument }, asker);
    },
    adoptVolume: (name) =>
      told(control.adoptVolume(name), { command: 'volume adopt', argument: name }, asker),
    acceptRewrite: (revision) =>
      told(control.acceptRewrite(revision), { command: 'accept-rewrite', argument: revision }, asker),
  };
}

async function told<Answer extends { readonly kind: string }>(
  asked: Promise<Answer>,
  about: { readonly command: string; readonly argument?: string | undefined },
  { audit, uid }: Asker,
): Promise<Answer> {
  const answer = await asked;
  const reason = 'reason' in answer && typeof answer.reason === 'string' ? answer.reason : undefined;
  audit.record({ kind: 'command', facts: { ...about, answer: answer.kind, reason, uid } });
  return answer;
}
