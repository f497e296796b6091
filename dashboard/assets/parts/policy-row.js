/**
 * One policy as the page shows it.
 * @param {Anchord.PolicyStatus} policy
 * @param {{ readonly now: number, readonly days: readonly Anchord.Day[], readonly progress: Anchord.Progress | undefined }} seen
 */
function policyRow(policy, { now, days, progress }) {
  const overdue = isOverdue(policy, now);
  const state = policyState(policy, { overdue, isRunning: progress !== undefined });
  return {
    name: policy.name,
    kind: policy.kind,
    look: lookOf(state),
    message: sayTimes(
      overdue && policy.state !== 'overdue' ? `${overdueWords(policy)} ${policy.message}` : policy.message,
    ),
    facts: policyFacts(policy, now),
    hasDays: !isIdle(policy),
    days,
    newestFirst: days.toReversed(),
    caption: sayDays(days),
    ofName: ` of ${policy.name}`,
    ...unreadablePaths(policy.lastRun),
    ...progressNow(policy.name, progress),
  };
}

/**
 * @param {Anchord.PolicyStatus} policy
 * @param {{ readonly overdue: boolean, readonly isRunning: boolean }} seen
 */
function policyState(policy, { overdue, isRunning }) {
  if (overdue) return 'overdue';
  return isRunning ? 'running' : policy.state;
}

/** @param {Anchord.PolicyStatus} policy */
function overdueWords({ overdueAfter }) {
  return `A good run should have ended by ${sayWhen(overdueAfter ?? '')}.`;
}

/** @param {Anchord.PolicyStatus['lastRun']} run */
function unreadablePaths(run) {
  const unreadable = run?.unreadable ?? [];
  const unreadableSentence = `${sayCount(unreadable.length, 'path')} could not be read in the last run`;
  return { unreadable, hasUnreadable: unreadable.length > 0, unreadableSentence };
}

/**
 * @param {string} name
 * @param {Anchord.Progress | undefined} progress
 */
function progressNow(name, progress) {
  const progressLabel = `Progress of ${name}`;
  if (progress === undefined)
    return { isRunning: false, hasPercent: false, percent: 0, progressText: '', progressLabel };
  const { percent } = progress;
  return {
    isRunning: true,
    hasPercent: percent !== undefined,
    percent: percent ?? 0,
    progressText: sayProgress(progress),
    progressLabel,
  };
}

/** @param {Anchord.Progress} progress */
function sayProgress({ phase, percent, bytesDone, bytesTotal, etaSeconds }) {
  const done = bytesDone === undefined ? '' : sayBytes(bytesDone);
  const amount = bytesTotal === undefined ? done : `${done} of ${sayBytes(bytesTotal)}`;
  const parts = [
    percent === undefined ? '' : `${Math.floor(percent)} %`,
    amount,
    etaSeconds === undefined ? '' : `about ${sayDuration(etaSeconds)} left`,
  ].filter((text) => text !== '');
  return `${phase}: ${parts.length === 0 ? 'under way' : parts.join(' · ')}`;
}
