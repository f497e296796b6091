/**
 * Cuts a next step at its backticks, or takes it whole as a command when it begins like one.
 * @param {string} text
 */
function commandParts(text) {
  if (text === '') return [];
  const isCommand = /^(?:anchord|sudo|apt|git) \S/u.test(text) && !/[`.,:;]\s|\.$/u.test(text);
  return isCommand ? [{ text, look: 'command' }] : codeParts(text);
}

/**
 * Cuts a text at its backticks into words and code.
 * @param {string} text
 */
function codeParts(text) {
  return text.split('`').map((part, index) => ({ text: part, look: index % 2 === 1 ? 'command' : 'words' }));
}
