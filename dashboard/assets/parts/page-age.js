/** When the page's content was said, of which revision, and whether it follows the daemon. */
function pageAge() {
  return {
    get isKnown() {
      return page().status !== null;
    },
    /** Whether the page itself doubts its content; a daemon that says `unknown` of itself is not doubted. */
    get isOld() {
      const { status } = page();
      return status !== null && verdict(page()) !== status.summary && verdict(page()).level === 'unknown';
    },
    get host() {
      return page().status?.host ?? '';
    },
    get generatedAt() {
      return page().status?.generatedAt ?? '';
    },
    get hasRevision() {
      return page().status?.source.applied !== undefined;
    },
    get hasNoRevision() {
      return !this.hasRevision;
    },
    get revision() {
      return (page().status?.source.applied ?? '').slice(0, 10);
    },
    get subject() {
      const source = page().status?.source;
      return source?.log.find(({ sha }) => sha === source.applied)?.subject ?? '';
    },
    get version() {
      return page().status?.daemon.version ?? '';
    },
    get startedAt() {
      return page().status?.daemon.startedAt ?? '';
    },
    get connection() {
      if (!page().live) return 'A copy: it does not change by itself';
      return page().lostAt === null ? 'Live: it follows the daemon' : 'Connection lost: reconnecting';
    },
    get connectionTone() {
      if (!page().live) return 'quiet';
      return page().lostAt === null ? 'ok' : 'unknown';
    },
  };
}

document.addEventListener('alpine:init', () => Alpine.data('pageAge', pageAge));
