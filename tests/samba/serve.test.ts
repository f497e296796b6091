import assert from 'node:assert/strict';
import { existsSync, symlinkSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { PEOPLE, SambaRig, withSamba } from './samba-rig.ts';

const options = withSamba();
const { writer, reader, stranger } = PEOPLE;
let rig: SambaRig;

before(async () => {
  if (options.skip !== undefined) return;
  rig = await SambaRig.start();
  const { troubles } = await rig.pass([
    rig.want('alpha', { hidden: ['vault'], recycle: true }),
    rig.want('beta'),
  ]);
  assert.deepEqual([...troubles], []);
});
after(async () => {
  if (options.skip === undefined) await rig[Symbol.asyncDispose]();
});

test('who may write writes, and who may read reads', options, async () => {
  const written = await rig.smb(writer, 'alpha', 'put /etc/hostname name; mkdir folder');

  assert.equal(written.code, 0, written.said);
  assert.equal(existsSync(rig.disk('alpha/name')), true);
  assert.equal(await rig.read('alpha', reader), 'hello from alpha');
  assert.equal(await rig.read('beta', writer), 'hello from beta');
});

test('who may only read cannot write, remove or rename', options, async () => {
  for (const attempt of ['put /etc/hostname new', 'del hello', 'rename hello other', 'mkdir new']) {
    const { said } = await rig.smb(reader, 'alpha', attempt);
    assert.match(said, /NT_STATUS_(ACCESS_DENIED|MEDIA_WRITE_PROTECTED)/, attempt);
  }
  assert.equal(await rig.read('alpha'), 'hello from alpha');
});

test('who is not named, who has a wrong password and who is nobody are all refused', options, async () => {
  assert.equal(await rig.read('alpha', stranger), 'NT_STATUS_ACCESS_DENIED');
  assert.match((await rig.guest('alpha')).said, /NT_STATUS_ACCESS_DENIED/);
  assert.match((await rig.smb(`${writer}%wrong`, 'alpha', 'ls')).said, /NT_STATUS_LOGON_FAILURE/);
});

test('what is hidden is neither listed nor reached, by its name or through a link', options, async () => {
  for (const name of ['.anchord-volume', '.anchord-staging', 'vault', 'folder/vault']) {
    mkdirSync(rig.disk('alpha', name), { recursive: true });
    writeFileSync(rig.disk('alpha', name, 'secret'), 'secret\n');
  }
  symlinkSync('vault', rig.disk('alpha/inside'));

  const listed = await rig.smb(writer, 'alpha', 'recurse; ls');

  assert.doesNotMatch(listed.said, /anchord|vault|secret/);
  for (const path of ['.anchord-volume/secret', '.anchord-staging/secret', 'vault/secret', 'inside/secret']) {
    const { said } = await rig.smb(writer, 'alpha', `get ${path} -`);
    assert.match(said, /NT_STATUS_/, path);
    assert.doesNotMatch(said, /^secret$/m);
  }
  const removed = await rig.smb(writer, 'alpha', 'rmdir folder');
  assert.match(removed.said, /NT_STATUS_/);
  assert.equal(existsSync(rig.disk('alpha/folder/vault/secret')), true);
});

test('a link that leads out of a share is not followed', options, async () => {
  symlinkSync('/etc', rig.disk('alpha/out'));
  symlinkSync('../beta', rig.disk('alpha/over'));
  symlinkSync('/etc/passwd', rig.disk('alpha/file'));

  for (const path of ['out/passwd', 'over/hello', 'file']) {
    const { said } = await rig.smb(writer, 'alpha', `get ${path} -`);
    assert.match(said, /NT_STATUS_/, path);
    assert.doesNotMatch(said, /root:|hello from/, path);
  }
});

test('what is removed from a share with recycle lies in the bin of who removed it', options, async () => {
  mkdirSync(rig.disk('alpha/.recycle'), { mode: 0o777 });
  rig.beside('chmod', '1777', `${rig.temp}/disk/alpha/.recycle`);
  await rig.smb(writer, 'alpha', 'put /etc/hostname gone; del gone');

  assert.deepEqual(readdirSync(rig.disk('alpha/.recycle', writer)), ['gone']);
  assert.equal(existsSync(rig.disk('alpha/gone')), false);
});

test('a new directory and a new file are writable for their group', options, async () => {
  await rig.smb(writer, 'beta', 'mkdir made; put /etc/hostname made/file');

  const { said } = await rig.smb(writer, 'beta', 'allinfo made');
  assert.doesNotMatch(said, /NT_STATUS_/);
});
