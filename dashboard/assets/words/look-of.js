/** Every state that something on the page can be in, and how it looks. */
const LOOKS = /** @type {const} */ ({
  ok: ['ok', 'ok', 'ok'],
  'in-sync': ['ok', 'ok', 'in sync'],
  passed: ['ok', 'ok', 'guarded'],
  applied: ['ok', 'ok', 'applied'],
  delivered: ['ok', 'ok', 'arrives'],
  busy: ['busy', 'busy', 'busy'],
  running: ['busy', 'busy', 'running'],
  changed: ['busy', 'busy', 'changed'],
  warning: ['warning', 'warning', 'attention'],
  full: ['warning', 'warning', 'full'],
  partial: ['warning', 'warning', 'partial'],
  failing: ['warning', 'warning', 'does not arrive'],
  drifted: ['warning', 'warning', 'drifted'],
  orphaned: ['warning', 'warning', 'orphaned'],
  incomplete: ['warning', 'warning', 'incomplete'],
  overdue: ['warning', 'clock', 'overdue'],
  waiting: ['warning', 'clock', 'waiting'],
  failed: ['failed', 'failed', 'failed'],
  refused: ['failed', 'failed', 'refused'],
  quarantined: ['failed', 'failed', 'in quarantine'],
  unknown: ['unknown', 'unknown', 'unknown'],
  'never-run': ['quiet', 'quiet', 'not run yet'],
  'not-carried-out': ['quiet', 'quiet', 'not carried out'],
  untried: ['quiet', 'quiet', 'nothing sent yet'],
  simulated: ['quiet', 'quiet', 'simulated'],
  cancelled: ['quiet', 'quiet', 'cancelled'],
  skipped: ['quiet', 'quiet', 'skipped'],
});

/**
 * Colour, icon and word of a state. A state that this page does not know is shown as it is.
 * @param {string} state
 * @returns {Anchord.Look}
 */
function lookOf(state) {
  const known = Object.hasOwn(LOOKS, state);
  const [tone, icon, word] = known
    ? LOOKS[/** @type {keyof typeof LOOKS} */ (state)]
    : ['unknown', 'unknown', state];
  return { tone: /** @type {Anchord.Tone} */ (tone), icon: `#icon-${icon}`, word };
}
