// Kept to syntax that an old Node can read, so that it is the message that one sees.

const MAJOR = 20;
const MINOR = 19;

/**
 * @returns {string | undefined} what is wrong with this Node, or undefined
 */
export function nodeProblem() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > MAJOR || (major === MAJOR && minor >= MINOR)) return undefined;
  return (
    'anchord needs Node ' +
    MAJOR +
    '.' +
    MINOR +
    ' or newer; this is ' +
    process.version +
    ' (' +
    process.execPath +
    ').\nDebian 13 has it: apt install nodejs npm. For older systems: https://nodejs.org/en/download'
  );
}
