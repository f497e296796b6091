import { checkNotSetUp, checkPolicy, checkPreflight } from '../check/check-policy.ts';
import { drillNotSetUp, drillPolicy, drillPreflight } from '../drill/drill-policy.ts';
import type { CheckPolicy, DrillPolicy, MirrorPolicy } from '../../state-schema/generated/state-file.ts';
import type { Fault } from '../errors.ts';
import { mirrorSubject } from '../mirror/mirror-job.ts';
import { backUpState, stateBackup, statePreflight } from '../own-state/back-up-state.ts';
import { mirrorPreflight } from '../mirror/mirror-preflight.ts';
import { mirror } from '../mirror/mirror.ts';
import { previewMirror } from '../mirror/preview-mirror.ts';
import { acceptBackup } from './accept-backup.ts';
import { acceptPlan } from '../movers/accept-plan.ts';
import { graduationWork, purgeWork } from '../movers/mover-work.ts';
import { backup } from './backup.ts';
import { carriedOut } from './carried-out.ts';
import type { KindWork } from './kind-work.ts';
import type { NamedPolicy } from './named-policy.ts';
import type { PolicyParts } from './policy-parts.ts';
import { notSetUp, preflight } from './preflight.ts';
import { previewBackup } from './preview-backup.ts';
import { backupOf, prune, prunePreflight } from './prune.ts';
import type { PrunePolicy, StatePolicy } from './runnable-policies.ts';
import { faultReport } from './run-report.ts';
import { withTimeout } from './with-timeout.ts';

/** How a policy of any kind is carried out: the one place that tells the kinds apart. */
export function policyWork(named: NamedPolicy, parts: PolicyParts): KindWork {
  const { policy } = named;
  switch (policy.kind) {
    case 'backup': {
      const one = { ...named, policy };
      return {
        notSetUp: () => notSetUp(one, parts),
        preflight: () => preflight(one, parts),
        run: (job) => withTimeout(one, job, (timed) => backup({ ...one, ...timed }, parts)),
        plan: () => previewBackup(one, parts),
        accept: (id) => acceptBackup(one, id, parts),
      };
    }
    case 'prune':
      return pruneWork({ ...named, policy }, parts);
    case 'graduate':
      return graduationWork({ ...named, policy }, parts);
    case 'purge':
      return purgeWork({ ...named, policy }, parts);
    case 'state':
      return stateWork({ ...named, policy }, parts);
    case 'mirror':
      return mirrorWork({ ...named, policy }, parts);
    case 'check':
      return checkWork({ ...named, policy }, parts);
    case 'drill':
      return drillWork({ ...named, policy }, parts);
    case 'tier':
      return notYet(named);
  }
}

function pruneWork(one: NamedPolicy<PrunePolicy>, parts: PolicyParts): KindWork {
  return {
    notSetUp: () => notSetUp(backupOf(one), parts),
    preflight: () => prunePreflight(one, parts),
    run: (job) => withTimeout(one, job, (timed) => prune(one, timed, parts)),
  };
}

function stateWork(one: NamedPolicy<StatePolicy>, parts: PolicyParts): KindWork {
  return {
    notSetUp: () => notSetUp(stateBackup(one), parts),
    preflight: () => statePreflight(one, parts),
    run: (job) => withTimeout(one, job, (timed) => backUpState(one, timed, parts)),
  };
}

function mirrorWork(one: NamedPolicy<MirrorPolicy>, parts: PolicyParts): KindWork {
  return {
    notSetUp: () => Promise.resolve(undefined),
    preflight: () => mirrorPreflight(one, parts),
    run: (job) => withTimeout(one, job, (timed) => mirror({ ...one, ...timed }, parts)),
    plan: () => previewMirror(one, parts),
    accept: (id) => acceptPlan({ policy: one.name, subject: mirrorSubject(one), id }, parts),
  };
}

function checkWork(one: NamedPolicy<CheckPolicy>, parts: PolicyParts): KindWork {
  return {
    notSetUp: () => checkNotSetUp(one, parts),
    preflight: () => checkPreflight(one, parts),
    run: (job) => withTimeout(one, job, (timed) => checkPolicy(one, timed, parts)),
  };
}

function drillWork(one: NamedPolicy<DrillPolicy>, parts: PolicyParts): KindWork {
  return {
    notSetUp: () => drillNotSetUp(one, parts),
    preflight: () => drillPreflight(one, parts),
    run: (job) => withTimeout(one, job, (timed) => drillPolicy(one, timed, parts)),
  };
}

function notYet({ policy }: NamedPolicy): KindWork {
  const fault: Fault = carriedOut(policy) ?? {
    reason: 'NotCarriedOutYet',
    message: `policies of kind ${policy.kind} are not carried out by this version`,
  };
  return {
    notSetUp: () => Promise.resolve(undefined),
    preflight: () => Promise.resolve(fault),
    run: () => Promise.resolve(faultReport('failed', fault)),
  };
}
