/** The policies, each with its last 30 days; those that are not carried out stand last. */
function policyList() {
  return {
    /** The last 30 days by policy. Dear to compute, so not with every tick. */
    strips: /** @type {ReadonlyMap<string, readonly Anchord.Day[]>} */ (new Map()),

    init() {
      Alpine.effect(() => {
        const { status, history, minute } = page();
        this.strips = stripsOf(status?.policies ?? [], Alpine.raw(history).policies, minute);
      });
    },
    get rows() {
      const { status, now, progress } = page();
      const policies = (status?.policies ?? []).toSorted((a, b) => Number(isIdle(a)) - Number(isIdle(b)));
      return policies.map((policy) =>
        policyRow(policy, {
          now,
          days: this.strips.get(policy.name) ?? [],
          progress: progress[policy.name] ?? policy.progress,
        }),
      );
    },
    get isShown() {
      return (page().status?.policies ?? []).length > 0;
    },
    get hasDays() {
      return (page().status?.policies ?? []).some((policy) => !isIdle(policy));
    },
  };
}

/**
 * @param {readonly Anchord.PolicyStatus[]} policies
 * @param {Anchord.History['policies']} runs
 * @param {number} now
 */
function stripsOf(policies, runs, now) {
  return new Map(policies.map((policy) => [policy.name, runDays(policy, runs[policy.name] ?? [], now)]));
}

/**
 * Whether this version checks the policy but never runs it.
 * @param {Anchord.PolicyStatus} policy
 */
function isIdle({ state }) {
  return state === 'not-carried-out';
}

document.addEventListener('alpine:init', () => Alpine.data('policyList', policyList));
