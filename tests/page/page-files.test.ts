import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { pathToFileURL } from 'node:url';
import { contentType } from '../../daemon/page/content-type.ts';
import { pageFiles } from '../../daemon/page/page-files.ts';
import { pageHeaders } from '../../daemon/page/page-headers.ts';

const page = await pageFiles();
const html = Buffer.from(page.get('index.html') ?? []).toString();

test('the page is index.html and its assets, and nothing that only the build needs', () => {
  assert.ok(page.has('assets/vendor/alpine-csp.js'));
  assert.ok(page.has('assets/vendor/alpine-csp.licence.txt'));
  assert.deepEqual(
    [...page.keys()].filter((path) => !/^(index\.html|assets\/.+\.(js|css|svg|txt))$/.test(path)),
    [],
  );
});

test('every file that index.html names is there, and every script and style is named', () => {
  const named = [...html.matchAll(/(?:src|href)="(assets\/[^"]+)"/g)].map(([, path = '']) => path);
  const present = [...page.keys()].filter((path) => /\.(js|css|svg)$/.test(path));

  assert.deepEqual(named.toSorted(), present.toSorted());
});

test('index.html has no inline script, style or handler, which its own policy would refuse', () => {
  assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=/);
});

test('attributes hold only what the CSP build of Alpine understands', () => {
  const expressions = [...html.matchAll(/\s(?::|x-(?!cloak|data)|@)[\w:.-]*="([^"]*)"/g)].map(
    ([, text = '']) => text,
  );
  assert.ok(expressions.length > 100);

  assert.deepEqual(
    expressions.filter(
      (text) =>
        !/^(?:\(\w+, \w+\)|\w+) in \w+(?:\.\w+)*$|^\$?\w+(?:\.\w+)*(?:\((?:\w+(?:\.\w+)*)?\))?$/.test(text),
    ),
    [],
  );
});

test('the header says the same as the policy in the page, and more', () => {
  const inPage = /Content-Security-Policy"\s+content="([^"]+)"/.exec(html)?.[1] ?? '';

  assert.ok(inPage.length > 0);
  assert.equal(pageHeaders['content-security-policy'], `${inPage}; frame-ancestors 'none'`);
});

test('the files are found wherever the package is installed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anchord-installed-'));
  const built = join(folder, 'lib/anchord/dist/daemon/page');
  await mkdir(built, { recursive: true });
  await cp(new URL('../../daemon/page/page-files.js', import.meta.url), join(built, 'page-files.mjs'));
  await cp(new URL('../../../dashboard', import.meta.url), join(folder, 'lib/anchord/dashboard'), {
    recursive: true,
  });

  const installed = (await import(pathToFileURL(join(built, 'page-files.mjs')).href)) as {
    pageFiles: typeof pageFiles;
  };

  assert.deepEqual([...(await installed.pageFiles()).keys()], [...page.keys()]);
  await rm(folder, { recursive: true });
});

test('a media type is known for every file of the page', async () => {
  assert.equal(contentType('index.html'), 'text/html; charset=utf-8');
  assert.equal(contentType('assets/vendor/alpine-csp.js'), 'text/javascript; charset=utf-8');
  assert.equal(contentType('strange.exe'), 'text/plain; charset=utf-8');
  assert.match(
    await readFile(new URL('../../../dashboard/index.html', import.meta.url), 'utf8'),
    /^<!doctype html>/,
  );
});
