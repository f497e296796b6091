/**
 * A reason as words: `NotMounted` is `not mounted`.
 * @param {string} reason
 */
function sayReason(reason) {
  return reason.replaceAll(/(?<!^)[A-Z]/gu, ' $&').toLowerCase();
}
