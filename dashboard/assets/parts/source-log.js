/** The state repo and its newest commits. */
function sourceLog() {
  return {
    get isKnown() {
      return page().status !== null;
    },
    get url() {
      return page().status?.source.url ?? '';
    },
    get branch() {
      return page().status?.source.branch ?? '';
    },
    get rows() {
      const source = page().status?.source;
      if (source === undefined) return [];
      return source.log.map((entry) => ({
        ...entry,
        short: entry.sha.slice(0, 10),
        mark: entry.sha === source.applied ? 'applied' : '',
        isMarked: entry.sha === source.applied,
      }));
    },
    get hasRows() {
      return this.rows.length > 0;
    },
    get isSigned() {
      return page().status?.source.verified !== undefined;
    },
    get signedRevision() {
      return (page().status?.source.verified?.revision ?? '').slice(0, 10);
    },
    get signedBy() {
      return page().status?.source.verified?.by ?? '';
    },
    get signedWith() {
      return page().status?.source.verified?.method === 'ssh' ? 'SSH key' : 'OpenPGP key';
    },
    get signingKey() {
      return page().status?.source.verified?.key ?? '';
    },
    /** What is newer than the revision in force. */
    get newer() {
      const { observed, attempted, applied } = page().status?.source ?? {};
      if (observed === undefined) return 'No commit has been seen yet.';
      if (observed === applied) return `The newest commit, ${observed.slice(0, 10)}, is applied.`;
      const tried =
        observed === attempted ? 'was looked into and is not applied' : 'has not been looked into yet';
      return `The newest commit, ${observed.slice(0, 10)}, ${tried}.`;
    },
  };
}

document.addEventListener('alpine:init', () => Alpine.data('sourceLog', sourceLog));
