/** More rows than this are shown only on request. */
const FIRST_ROWS = 24;

/** What stands first when rows are sorted; what is in sync stands last. */
const RESOURCE_ORDER = ['failed', 'waiting', 'drifted', 'orphaned', 'changed', 'simulated', 'in-sync'];

/** The resources, filtered by state and text. */
function resourceTable() {
  return {
    text: '',
    state: '',
    isWhole: false,

    get isShown() {
      return this.states.length > 1;
    },
    /** One button for all resources and one for each state that occurs. */
    get states() {
      const counts = page().status?.resources.counts ?? {};
      const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
      const each = RESOURCE_ORDER.filter((state) => (counts[state] ?? 0) > 0).map((state) =>
        stateButton(state, counts[state] ?? 0, this.state),
      );
      return total === 0 ? [] : [{ ...stateButton('', total, this.state), label: 'all' }, ...each];
    },
    get matching() {
      const wanted = this.text.trim().toLowerCase();
      const items = page().status?.resources.items ?? [];
      return items
        .filter((item) => this.state === '' || item.state === this.state)
        .filter((item) => wanted === '' || `${item.id} ${item.message ?? ''}`.toLowerCase().includes(wanted))
        .toSorted((a, b) => RESOURCE_ORDER.indexOf(a.state) - RESOURCE_ORDER.indexOf(b.state));
    },
    get rows() {
      const rows = this.isWhole ? this.matching : this.matching.slice(0, FIRST_ROWS);
      return rows.map((item) => ({
        ...item,
        look: lookOf(item.state),
        why: item.message ?? sayReason(item.reason ?? ''),
      }));
    },
    get hasRows() {
      return this.matching.length > 0;
    },
    get hasMore() {
      return this.rows.length < this.matching.length;
    },
    get sentence() {
      const omitted = page().status?.resources.omitted ?? 0;
      const rest =
        omitted === 0
          ? ''
          : ` ${sayCount(omitted, 'more resource')} ${omitted === 1 ? 'is' : 'are'} not listed.`;
      return `Showing ${this.rows.length.toLocaleString('en')} of ${sayCount(this.matching.length, 'matching resource')}.${rest}`;
    },
    /** @param {string} state */
    choose(state) {
      this.state = state;
      this.isWhole = false;
    },
    showAll() {
      this.isWhole = true;
    },
  };
}

document.addEventListener('alpine:init', () => Alpine.data('resourceTable', resourceTable));
