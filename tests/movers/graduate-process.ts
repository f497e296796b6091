import { PlanBook } from '../../daemon/policies/plans/plan-book.ts';
import { PolicyEngine } from '../../daemon/policies/policy-engine.ts';
import { RemovalLedger } from '../../daemon/policies/removal-ledger.ts';
import { Secrets } from '../../daemon/secrets/secrets.ts';
import { openSqliteStore } from '../../daemon/store/sqlite-store.ts';
import type { GraduatePolicy } from '../../state-schema/generated/state-file.ts';
import { stateWith } from '../policies/policy-rig.ts';

const STEPS = new Set(['begun', 'copying', 'hiding', 'placing', 'removing', 'undoing']);

/** What the process is told by its only argument. */
export interface GraduateTask {
  readonly root: string;
  readonly stateDir: string;
  readonly policy: GraduatePolicy;
  /** What the clock says, in UTC, ISO 8601. */
  readonly now: string;
  /** The process kills itself when so many steps were told, each twice: right before it is written down and right after. */
  readonly killAt: number;
}

const task = JSON.parse(process.argv[2] ?? '') as GraduateTask;
const { root, stateDir } = task;
const settings = { allow: {}, overrides: {} };
const clock = { now: () => new Date(task.now), monotonic: () => performance.now() };
const store = await openSqliteStore({ file: `${stateDir}/anchord.db` });
let told = 0;
const engine = new PolicyEngine({
  store,
  clock,
  root,
  stateDir,
  host: 'motoko',
  path: process.env['PATH'] ?? '',
  settings,
  secrets: new Secrets({ ...settings, root }),
  guard: () => Promise.resolve(undefined),
  clockFault: () => Promise.resolve(undefined),
  plans: new PlanBook({ store, stateDir, clock, acceptsFirst: true }),
  ledger: new RemovalLedger(`${stateDir}/removals.jsonl`),
  emit(event) {
    if (event.kind !== 'run.progress' || !STEPS.has(event.progress.phase)) return;
    told++;
    if (told === task.killAt) process.kill(process.pid, 'SIGKILL');
  },
});
engine.declare(stateWith({ graduate: task.policy }));
await engine.start();
const started = await engine.runNow('graduate');
const run = started.kind === 'started' ? await started.ended : started.fault;
await engine[Symbol.asyncDispose]();
await store[Symbol.asyncDispose]();
process.stdout.write(JSON.stringify({ told, run }));
