// Copies the browser libraries that the page ships from node_modules into dashboard/assets/vendor, and writes their
// version beside them. `--check` writes nothing and fails when a copy differs. The licence text is kept by hand,
// because the package carries none: read it again when the version changes.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const packageFolder = fileURLToPath(new URL('../node_modules/@alpinejs/csp/', import.meta.url));
const vendorFolder = fileURLToPath(new URL('../dashboard/assets/vendor/', import.meta.url));
const manifest = /** @type {{ name: string, version: string }} */ (
  JSON.parse(readFileSync(`${packageFolder}package.json`, 'utf8'))
);
const copies = [
  { target: 'alpine-csp.js', content: readFileSync(`${packageFolder}dist/cdn.min.js`) },
  {
    target: 'alpine-csp.version.txt',
    content: Buffer.from(`${manifest.name} ${manifest.version} dist/cdn.min.js\n`),
  },
];

const stale = copies.filter(({ target, content }) => !isSame(`${vendorFolder}${target}`, content));
if (!existsSync(`${vendorFolder}alpine-csp.licence.txt`)) {
  console.error(
    'dashboard/assets/vendor/alpine-csp.licence.txt is missing: the copy may not be passed on without it',
  );
  process.exitCode = 1;
}
if (stale.length > 0 && process.argv.includes('--check')) {
  console.error(
    `differs from node_modules: ${stale.map(({ target }) => target).join(', ')}\nrun: node scripts/vendor.mjs`,
  );
  process.exitCode = 1;
} else {
  mkdirSync(vendorFolder, { recursive: true });
  for (const { target, content } of stale) writeFileSync(`${vendorFolder}${target}`, content);
}

/**
 * @param {string} path
 * @param {Buffer} content
 */
function isSame(path, content) {
  return existsSync(path) && readFileSync(path).equals(content);
}
