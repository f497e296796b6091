const BYTE_UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/**
 * An amount of data: `1.4 TiB`.
 * @param {number} bytes
 */
function sayBytes(bytes) {
  const power = Math.min(BYTE_UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${value.toFixed(power === 0 || value >= 100 ? 0 : 1)} ${BYTE_UNITS[power]}`;
}

/**
 * A number of things with their name: `1 run`, `1,204 runs`.
 * @param {number} count
 * @param {string} one
 */
function sayCount(count, one) {
  return `${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`;
}

/**
 * Things in a row as words: `a, b and c`.
 * @param {readonly string[]} items
 */
function sayList(items) {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;
}
