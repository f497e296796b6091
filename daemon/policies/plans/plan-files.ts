import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from './write-durably.ts';
import { planId, type PolicyPlan } from './policy-plan.ts';

/** So many plans of one policy are kept: a person may just be reading an older one. */
const KEPT_PLANS = 3;
const PLAN_FILE = /^([0-9a-f]{16})\.json$/;

/** Where the plans of a policy lie. Pure. */
function plansFolder(stateDir: string, policy: string): string {
  return join(stateDir, 'plans', policy);
}

/** Keeps a plan so that it survives a power cut, and drops the oldest ones. */
export async function savePlan(stateDir: string, plan: PolicyPlan): Promise<void> {
  const folder = plansFolder(stateDir, plan.policy);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeDurably(join(folder, `${plan.id}.json`), JSON.stringify(plan));
  for (const old of (await planIds(folder)).slice(KEPT_PLANS)) await rm(join(folder, `${old}.json`));
}

/** The plan of that id, whole as it was saved; undefined when there is none, or when its list is not what its id says. */
export async function loadPlan(
  stateDir: string,
  { policy, id }: Pick<PolicyPlan, 'policy' | 'id'>,
): Promise<PolicyPlan | undefined> {
  if (!PLAN_FILE.test(`${id}.json`)) return undefined;
  try {
    const text = await readFile(join(plansFolder(stateDir, policy), `${id}.json`), 'utf8');
    const plan = JSON.parse(text) as PolicyPlan;
    return plan.policy === policy && plan.id === id && planId(plan) === id ? plan : undefined;
  } catch {
    return undefined; // missing or torn: a plan that cannot be read cannot be accepted, and the next run makes it anew
  }
}

/** The newest plan of a policy. */
export async function newestPlan(stateDir: string, policy: string): Promise<PolicyPlan | undefined> {
  const [id] = await planIds(plansFolder(stateDir, policy));
  return id === undefined ? undefined : await loadPlan(stateDir, { policy, id });
}

/** Drops every plan of a policy: what they listed has gone, or is no longer held back. */
export async function dropPlans(stateDir: string, policy: string): Promise<void> {
  await rm(plansFolder(stateDir, policy), { recursive: true, force: true });
}

/** Newest first. */
async function planIds(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  const dated = await Promise.all(
    names.flatMap((name) => {
      const id = PLAN_FILE.exec(name)?.[1];
      return id === undefined ? [] : [stat(join(folder, name)).then(({ mtimeMs }) => ({ id, mtimeMs }))];
    }),
  );
  return dated.toSorted((one, other) => other.mtimeMs - one.mtimeMs).map(({ id }) => id);
}
