/**
 * A button that shows only the resources in one state.
 * @param {string} state
 * @param {number} count
 * @param {string} chosen
 */
function stateButton(state, count, chosen) {
  return {
    state,
    label: lookOf(state).word,
    count: count.toLocaleString('en'),
    isChosen: String(state === chosen),
  };
}
