/** Where the audit stands: its last line, which every copy of the branch can be held against. */
function auditHead() {
  return {
    get isKnown() {
      return page().status?.audit !== undefined;
    },
    get seq() {
      return String(page().status?.audit?.seq ?? '');
    },
    get head() {
      return page().status?.audit?.head ?? '';
    },
    get short() {
      return this.head.slice(0, 16);
    },
    get time() {
      return page().status?.audit?.time ?? '';
    },
    get isDamaged() {
      return (
        page().status?.conditions.some(({ type, status }) => type === 'Audited' && status === 'False') ??
        false
      );
    },
    get isWhole() {
      return !this.isDamaged;
    },
  };
}

document.addEventListener('alpine:init', () => Alpine.data('auditHead', auditHead));
