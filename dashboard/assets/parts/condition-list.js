/** Conditions that are bad when they are true; all others are bad when they are false. */
const ABNORMAL_CONDITIONS = new Set(['Drifted', 'Stalled', 'Suspended']);

/** The daemon's conditions: those that need a look in the open, the others folded away. */
function conditionList() {
  return {
    get rows() {
      return (page().status?.conditions ?? []).map((condition) => ({
        ...condition,
        look: conditionLook(condition),
      }));
    },
    get isShown() {
      return this.rows.length > 0;
    },
    get notable() {
      return this.rows.filter(({ look }) => look.tone !== 'ok');
    },
    get ordinary() {
      return this.rows.filter(({ look }) => look.tone === 'ok');
    },
    get hasNotable() {
      return this.notable.length > 0;
    },
    get hasOrdinary() {
      return this.ordinary.length > 0;
    },
    get ordinarySentence() {
      const words = this.ordinary.length === 1 ? 'condition is' : 'conditions are';
      return `${this.ordinary.length} ${words} as they should be`;
    },
  };
}

/**
 * @param {Anchord.Condition} condition
 * @returns {Anchord.Look}
 */
function conditionLook({ type, status }) {
  if (status === 'Unknown') return { tone: 'unknown', icon: '#icon-unknown', word: 'unknown' };
  const word = status === 'True' ? 'true' : 'false';
  if (type === 'Reconciling') return { ...lookOf(status === 'True' ? 'busy' : 'ok'), word };
  const isGood = (status === 'True') !== ABNORMAL_CONDITIONS.has(type);
  return { ...lookOf(isGood ? 'ok' : 'failed'), word };
}

document.addEventListener('alpine:init', () => Alpine.data('conditionList', conditionList));
