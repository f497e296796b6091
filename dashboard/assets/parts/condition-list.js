/** Conditions that are bad when they are true; all others are bad when they are false. */
const ABNORMAL_CONDITIONS = new Set(['Drifted', 'Stalled', 'Suspended']);

/** Reasons why nothing is known that somebody decided on: no cause to look. */
const CHOSEN_REASONS = new Set(['NotChecked', 'VerificationNotRequired']);

/** The daemon's conditions: those that need a look in the open, the others folded away. */
function conditionList() {
  return {
    get rows() {
      return (page().status?.conditions ?? []).map((condition) => ({
        ...condition,
        message: sayTimes(condition.message),
        look: conditionLook(condition),
      }));
    },
    get isShown() {
      return this.rows.length > 0;
    },
    get notable() {
      return this.rows.filter(({ look }) => !isCalm(look));
    },
    get ordinary() {
      return this.rows.filter(({ look }) => isCalm(look));
    },
    get hasNotable() {
      return this.notable.length > 0;
    },
    get hasOrdinary() {
      return this.ordinary.length > 0;
    },
    get ordinarySentence() {
      return `${sayCount(this.ordinary.length, 'condition')} ${this.ordinary.length === 1 ? 'needs' : 'need'} no attention`;
    },
  };
}

/** @param {Anchord.Look} look */
function isCalm({ tone }) {
  return tone === 'ok' || tone === 'quiet';
}

/**
 * @param {Anchord.Condition} condition
 * @returns {Anchord.Look}
 */
function conditionLook({ type, status, reason }) {
  if (status === 'Unknown' && CHOSEN_REASONS.has(reason))
    return { ...lookOf('never-run'), word: 'not checked' };
  if (status === 'Unknown') return { tone: 'unknown', icon: '#icon-unknown', word: 'unknown' };
  const word = status === 'True' ? 'true' : 'false';
  if (type === 'Reconciling') return { ...lookOf(status === 'True' ? 'busy' : 'ok'), word };
  const isGood = (status === 'True') !== ABNORMAL_CONDITIONS.has(type);
  return { ...lookOf(isGood ? 'ok' : 'failed'), word };
}

document.addEventListener('alpine:init', () => Alpine.data('conditionList', conditionList));
