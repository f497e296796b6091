/** The policies, each with its last 30 days. */
function policyList() {
  return {
    /** Strips by policy: computed anew once a minute or when the history changes, not with every tick. */
    get strips() {
      const { history, minute } = page();
      const runs = Alpine.raw(history).policies;
      const policies = page().status?.policies ?? [];
      return new Map(
        policies.map((policy) => [policy.name, runDays(policy, runs[policy.name] ?? [], minute)]),
      );
    },
    get rows() {
      const { now, progress } = page();
      const strips = this.strips;
      return (page().status?.policies ?? []).map((policy) =>
        policyRow(policy, {
          now,
          days: strips.get(policy.name) ?? [],
          progress: progress[policy.name] ?? policy.progress,
        }),
      );
    },
    get isShown() {
      return this.rows.length > 0;
    },
    get hasDays() {
      return this.rows.some((row) => row.hasDays);
    },
  };
}

document.addEventListener('alpine:init', () => Alpine.data('policyList', policyList));
