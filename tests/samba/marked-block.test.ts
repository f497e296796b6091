import assert from 'node:assert/strict';
import test from 'node:test';
import { withBlock, withoutBlock } from '../../daemon/samba/marked-block.ts';

const INCLUDE = '/etc/samba/anchord.conf';
const BLOCK = `# >>> anchord\n[global]\n   include = ${INCLUDE}\n# <<< anchord\n`;
const USER = '[global]\n\tworkgroup = HOME\n\n[mine]\n\tpath = /srv\n';

/** What a person or a power cut may have made of smb.conf, and what it has to become. */
const CASES: Readonly<Record<string, readonly [before: string, after: string]>> = {
  'no file': ['', BLOCK],
  'no block': [USER, USER + BLOCK],
  'the block': [USER + BLOCK, USER + BLOCK],
  'no line end at the end': ['[mine]\npath = /srv', `[mine]\npath = /srv\n${BLOCK}`],
  'a last line that goes on in the next': ['[mine]\npath = /srv\\\n', `[mine]\npath = /srv\\\n\n${BLOCK}`],
  'Windows line ends': ['[mine]\r\npath = /srv\r\n', `[mine]\r\npath = /srv\r\n${BLOCK}`],
  'a block with Windows line ends': [USER + BLOCK.replaceAll('\n', '\r\n'), USER + BLOCK],
  'another place in the block': [USER + BLOCK.replace('/etc', '/usr/local/etc'), USER + BLOCK],
  'a block without its end': [`${USER}# >>> anchord\n[global]\n   include = ${INCLUDE}\n`, USER + BLOCK],
  'a block that is only begun': [`${USER}# >>> anchord\n`, USER + BLOCK],
  'an end alone': [`${USER}# <<< anchord\n`, USER + BLOCK],
  'two blocks': [BLOCK + USER + BLOCK, USER + BLOCK],
  'a block before a share': [
    `[global]\n${BLOCK}[mine]\npath = /srv\n`,
    `[global]\n[mine]\npath = /srv\n${BLOCK}`,
  ],
  'a comment behind the block': [`${USER}${BLOCK}# mine\n`, `${USER}# mine\n${BLOCK}`],
  'a share between the markers': [
    '# >>> anchord\n[mine]\npath = /srv\n# <<< anchord\n',
    `[mine]\npath = /srv\n${BLOCK}`,
  ],
};

for (const [what, [before, after]] of Object.entries(CASES)) {
  test(`${what}: one block at the end, and every other line as it was`, () => {
    const result = withBlock(before, INCLUDE);

    assert.deepEqual(result, { kind: 'text', text: after });
    assert.deepEqual(withBlock(after, INCLUDE), result);
  });
}

test('a person’s setting right behind or in the block is never moved into another section', () => {
  for (const text of [
    `${USER}${BLOCK}log level = 3\n`,
    USER + BLOCK.replace('# <<<', 'log level = 3\n# <<<'),
    `${USER}# >>> anchord\nlog level = 3\n`,
  ]) {
    const result = withBlock(text, INCLUDE);

    assert.equal(result.kind, 'refused', text);
    if (result.kind === 'refused') assert.match(result.message, /log level = 3/);
  }
});

test('without the block every byte is as it was before', () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index)).toString('latin1');
  for (const text of [USER, '', `# ${bytes.replaceAll(/[\n\r]/g, '')}\n${USER}`]) {
    const made = withBlock(text, INCLUDE);

    assert.equal(made.kind, 'text');
    if (made.kind === 'text') assert.deepEqual(withoutBlock(made.text), { kind: 'text', text });
  }
});
