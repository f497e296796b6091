/** Commits that were pushed and are not in force: without a good signature, or in quarantine. */
function heldBack() {
  return {
    get rows() {
      const source = page().status?.source;
      return [...refusedRows(source?.refused), ...(source?.quarantined ?? []).map(quarantinedRow)];
    },
    get isShown() {
      return this.rows.length > 0;
    },
    get sentence() {
      const kept = page().status?.source.applied;
      return kept === undefined
        ? 'Pushed, and nothing of it was applied.'
        : `Pushed, and not in force. The host is as ${kept.slice(0, 10)} says.`;
    },
  };
}

/** @param {Anchord.Status['source']['refused']} refused */
function refusedRows(refused) {
  if (refused === undefined) return [];
  const { sha, subject, author, time, reason, others } = refused;
  const more = others === 0 ? '' : ` ${sayCount(others, 'more commit')} of the revision likewise.`;
  return [
    {
      key: sha,
      sha,
      short: sha.slice(0, 10),
      what: subject,
      author,
      time,
      why: `${whyOf(reason)}.${more}`,
      look: lookOf('refused'),
    },
  ];
}

/** @param {NonNullable<Anchord.Status['source']['quarantined']>[number]} one */
function quarantinedRow({ revision, reason, message, since }) {
  return {
    key: revision,
    sha: revision,
    short: revision.slice(0, 10),
    what: message,
    author: '',
    time: since,
    why: `${whyOf(reason)}.`,
    look: lookOf('quarantined'),
  };
}

/** @param {string} reason */
function whyOf(reason) {
  const words = sayReason(reason);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

document.addEventListener('alpine:init', () => Alpine.data('heldBack', heldBack));
