/** A connection that has been away for so long is worth saying so. */
const LOST_AFTER = 8 * SECOND;

/**
 * The first line of the page: what the daemon said, unless the reader's clock knows worse.
 * Unknown outranks everything, because nothing older can be relied on; overdue outranks a warning.
 * @param {Pick<Anchord.PageState, 'status' | 'live' | 'lostAt' | 'now'>} state
 * @returns {Anchord.Summary}
 */
function verdict({ status, live, lostAt, now }) {
  if (status === null) return NOTHING_KNOWN;
  if (lostAt !== null && now - lostAt >= LOST_AFTER) return connectionLost(status, lostAt);
  if (now > staleFrom(status)) return stale(status, live);
  const overdue = newlyOverdue(status, now);
  if (overdue.length > 0 && !['failed', 'unknown'].includes(status.summary.level))
    return someOverdue(overdue);
  return status.summary;
}

/** @type {Anchord.Summary} */
const NOTHING_KNOWN = {
  level: 'unknown',
  sentence: 'Nothing is known about this host.',
  reason: 'The file data.js, which holds its status, is missing or damaged.',
  next: 'Read status.json beside this page, or open the page from the daemon.',
};

/**
 * @param {Anchord.Status} status
 * @returns {number} Milliseconds since 1970.
 */
function staleFrom({ generatedAt, expectedEverySeconds }) {
  return Date.parse(generatedAt) + 2 * expectedEverySeconds * SECOND;
}

/**
 * @param {Anchord.Status} status
 * @param {number} lostAt
 * @returns {Anchord.Summary}
 */
function connectionLost(status, lostAt) {
  return {
    level: 'unknown',
    sentence: `Unknown since ${sayWhen(new Date(lostAt).toISOString())}: the daemon does not answer.`,
    reason: `Before that it said: ${status.summary.sentence}`,
    next: `This page reconnects by itself. If it stays so, run \`anchord status\` on ${status.host}.`,
  };
}

/**
 * @param {Anchord.Status} status
 * @param {boolean} live
 * @returns {Anchord.Summary}
 */
function stale(status, live) {
  const every = sayDuration(status.expectedEverySeconds);
  const look = `run \`anchord status\` on ${status.host}.`;
  return {
    level: 'unknown',
    sentence: `Unknown since ${sayWhen(status.generatedAt)}: ${status.host} has not reported since.`,
    reason: `A report is expected at least every ${every}. The last one said: ${status.summary.sentence}`,
    next: live ? `To see why, ${look}` : `Fetch this branch again. If nothing newer comes, ${look}`,
  };
}

/**
 * @param {readonly Anchord.PolicyStatus[]} policies
 * @returns {Anchord.Summary}
 */
function someOverdue(policies) {
  const names = sayList(policies.map(({ name }) => name));
  return {
    level: 'warning',
    sentence: `${names} ${policies.length === 1 ? 'is' : 'are'} overdue.`,
    reason: 'A good run should have ended by now.',
    next: 'To see why, run `anchord policy list`.',
  };
}
