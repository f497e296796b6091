/**
 * Whether a good run should have ended by now and did not, whatever the policy's state was when it was written.
 * @param {Anchord.PolicyStatus} policy
 * @param {number} now
 */
function isOverdue(policy, now) {
  if (policy.state === 'overdue') return true;
  return policy.overdueAfter !== undefined && Date.parse(policy.overdueAfter) < now;
}

/**
 * Policies that have become overdue since the status was written.
 * @param {Anchord.Status} status
 * @param {number} now
 */
function newlyOverdue(status, now) {
  return status.policies.filter((policy) => policy.state !== 'overdue' && isOverdue(policy, now));
}
