/** So many passes are shown before the rest is asked for. */
const FIRST_PASSES = 8;

/** The last walks from revision to host that changed, failed or refused something. */
function passList() {
  return {
    isWhole: false,

    get passes() {
      return page().history.passes;
    },
    get isShown() {
      return this.passes.length > 0;
    },
    get rows() {
      const passes = this.isWhole ? this.passes : this.passes.slice(0, FIRST_PASSES);
      return passes.map((pass) => ({
        id: pass.id,
        startedAt: pass.startedAt,
        look: lookOf(pass.result),
        revision: (pass.revision ?? '').slice(0, 10),
        took: sayDuration((Date.parse(pass.endedAt) - Date.parse(pass.startedAt)) / SECOND),
        what: passWords(pass),
      }));
    },
    get hasMore() {
      return this.rows.length < this.passes.length;
    },
    showAll() {
      this.isWhole = true;
    },
  };
}

/** @param {Anchord.Pass} pass */
function passWords({ changed, repaired, failed, waiting, message }) {
  const counts = [
    { count: changed, word: 'changed' },
    { count: repaired, word: 'repaired' },
    { count: failed, word: 'failed' },
    { count: waiting, word: 'waiting' },
  ].filter(({ count }) => count > 0);
  const words = counts.map(({ count, word }) => `${count.toLocaleString('en')} ${word}`).join(', ');
  return [words, message ?? ''].filter((text) => text !== '').join(' · ') || 'nothing changed';
}

document.addEventListener('alpine:init', () => Alpine.data('passList', passList));
