import type { KindWork } from '../policies/kind-work.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';
import { withTimeout } from '../policies/with-timeout.ts';
import { acceptPlan } from './accept-plan.ts';
import { graduate } from './graduate.ts';
import { graduationSubject, type NamedGraduation } from './graduate-survey.ts';
import { graduationPreflight, planGraduation } from './plan-graduation.ts';
import { planPurge, purgePreflight } from './plan-purge.ts';
import { purge } from './purge.ts';
import { subjectOf, type NamedPurge } from './purge-survey.ts';

/** How a graduation is carried out. */
export function graduationWork(named: NamedGraduation, parts: PolicyParts): KindWork {
  const { name, policy } = named;
  return {
    notSetUp: () => Promise.resolve(undefined),
    preflight: () => graduationPreflight(named, parts),
    run: (job) => withTimeout(named, job, (timed) => graduate({ ...named, ...timed }, parts)),
    plan: () => planGraduation(named, parts),
    accept: (id) => acceptPlan({ policy: name, subject: graduationSubject(policy), id }, parts),
  };
}

/** How a purge is carried out. */
export function purgeWork(named: NamedPurge, parts: PolicyParts): KindWork {
  const { name, policy } = named;
  return {
    notSetUp: () => Promise.resolve(undefined),
    preflight: () => purgePreflight(named, parts),
    run: (job) => withTimeout(named, job, (timed) => purge({ ...named, ...timed }, parts)),
    plan: () => planPurge(named, parts),
    accept: (id) => acceptPlan({ policy: name, subject: subjectOf(policy), id }, parts),
  };
}
