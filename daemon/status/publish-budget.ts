/** How many status commits may follow one another at once. */
const BURST = 5;
/** One more is earned every minute. Milliseconds. */
const EARN_MS = 60_000;

/** What is left of the commits that may be made. */
export interface PublishBudget {
  readonly left: number;
  /** Wall-clock milliseconds at which `left` was counted. */
  readonly countedAt: number;
}

/** A full budget. */
export function fullBudget(nowMs: number): PublishBudget {
  return { left: BURST, countedAt: nowMs };
}

/** The budget after time has passed. A clock that went back earns nothing and costs nothing. Pure. */
export function earn(budget: PublishBudget, nowMs: number): PublishBudget {
  const earned = Math.floor(Math.max(0, nowMs - budget.countedAt) / EARN_MS);
  if (earned === 0) return budget.countedAt > nowMs ? { left: budget.left, countedAt: nowMs } : budget;
  return { left: Math.min(BURST, budget.left + earned), countedAt: budget.countedAt + earned * EARN_MS };
}

/** Takes one commit from the budget. An urgent one may overdraw it: a failure must not wait. */
export function spend(budget: PublishBudget): PublishBudget {
  return { ...budget, left: Math.max(0, budget.left - 1) };
}

/** Milliseconds until one commit may be made; 0 when it may be made now. */
export function waitFor(budget: PublishBudget, nowMs: number): number {
  if (budget.left > 0) return 0;
  return Math.max(0, budget.countedAt + EARN_MS - nowMs);
}
