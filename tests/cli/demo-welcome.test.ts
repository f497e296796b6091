import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demoWelcome } from '../../daemon/cli/demo-welcome.ts';

const DEMO = { dir: '.anchord-demo', url: 'http://127.0.0.1:8420/', host: 'motoko' };

test('a new demo says what to try, and each later start only where its page is', () => {
  const first = demoWelcome({ ...DEMO, isNew: true });
  const later = demoWelcome({ ...DEMO, isNew: false });

  assert.match(first, /git clone \.anchord-demo\/upstream\.git my-motoko\n/);
  assert.equal(
    later,
    '\n  motoko lives in .anchord-demo/. Its page: http://127.0.0.1:8420/\n\n  Ctrl-C ends it; starting it again goes on where it was.\n\n',
  );
});
