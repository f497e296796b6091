/** So many passes are shown before the rest is asked for. */
const FIRST_PASSES = 8;
/** So many of the things that one pass put right are named. */
const NAMED_REPAIRS = 5;

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
function passWords({ changed, repaired, failed, waiting, message, repairs }) {
  const counts = [
    { count: changed, word: 'changed' },
    { count: repaired, word: 'repaired' },
    { count: failed, word: 'failed' },
    { count: waiting, word: 'waiting' },
  ].filter(({ count }) => count > 0);
  const words = counts.map(({ count, word }) => `${count.toLocaleString('en')} ${word}`).join(', ');
  return (
    [words, message ?? '', repairWords(repaired, repairs ?? [])].filter((text) => text !== '').join(' · ') ||
    'nothing changed'
  );
}

/**
 * @param {number} repaired
 * @param {readonly { readonly id: string, readonly what: string }[]} repairs
 */
function repairWords(repaired, repairs) {
  const named = repairs.slice(0, NAMED_REPAIRS).map(({ id, what }) => `${id.replace(':', ' ')} (${what})`);
  const more = repaired - named.length;
  return named.length === 0
    ? ''
    : `${named.join(', ')}${more > 0 ? ` and ${more.toLocaleString('en')} more` : ''}`;
}

document.addEventListener('alpine:init', () => Alpine.data('passList', passList));
