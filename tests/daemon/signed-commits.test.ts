import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { HostRig } from '../rig/host-rig.ts';
import { SigningKeys, type SignAs } from '../rig/signing-keys.ts';
import type { StateClone } from '../rig/state-clone.ts';

const DIRECTORIES = 'hosts/motoko/directories.yaml';

test('an unsigned commit changes nothing, and taking it out needs nothing else', async () => {
  await using world = await World.start();
  const { rig, clone, anna } = world;
  const first = (await rig.status()).source.applied ?? '';

  const unsigned = clone.push({ [DIRECTORIES]: directory('/data/planted') });
  const above = pushSigned(clone, anna.as, '/data/above');
  const refused = await rig.untilCondition('SourceVerified', 'False', 'NotSigned');
  await rig.until((status) => status.source.attempted === above && status.source.refused !== undefined);

  const { source, summary } = await rig.status();
  assert.equal(refused.source.refused?.sha, unsigned);
  assert.equal(source.refused?.sha, unsigned);
  assert.equal(source.refused?.author, 'Anna');
  assert.equal(source.applied, first);
  assert.match(summary.sentence, /did not accept/);
  assert.match(summary.reason ?? '', /is not signed/);
  assert.equal(existsSync(join(rig.root, 'data/planted')), false);
  assert.equal(existsSync(join(rig.root, 'data/above')), false);

  clone.git('reset', '--quiet', '--hard', first);
  const good = pushSigned(clone, anna.as, '/data/good');
  const ready = await rig.untilReady(good);

  assert.equal(ready.source.refused, undefined);
  assert.equal(ready.source.verified?.by, 'anna@example.org');
  assert.equal(ready.source.verified?.revision, good);
  assert.ok(existsSync(join(rig.root, 'data/good')));
  assert.equal((await rig.condition('SourceVerified'))?.reason, 'SignaturesGood');
});

test('a signer who is added to the file is let in without a restart, and one who is taken out is told of', async () => {
  await using world = await World.start();
  const { rig, clone, anna, keys } = world;
  const bert = keys.ssh('bert');
  const revision = pushSigned(clone, bert.as, '/data/bert');
  await rig.untilCondition('SourceVerified', 'False', 'SignerNotAllowed');
  assert.equal(existsSync(join(rig.root, 'data/bert')), false);

  writeFileSync(world.signers, `${anna.line}\n${bert.line}\n`);
  const ready = await rig.untilReady(revision);
  assert.equal(ready.source.verified?.by, 'bert@example.org');

  writeFileSync(world.signers, `${anna.line}\n`);
  const told = await rig.untilCondition('SourceVerified', 'False', 'SignerNotAllowed');
  assert.equal(told.source.applied, revision);
  assert.equal(told.source.verified, undefined);

  writeFileSync(world.signers, 'nonsense\n');
  await rig.untilCondition('SourceVerified', 'False', 'SignersUnusable');
  writeFileSync(world.signers, `${anna.line}\n${bert.line}\n`);
  await rig.untilCondition('SourceVerified', 'True', 'SignaturesGood');
  await rig.untilReady(revision);
});

test('switched on later, what is in force stays, and the next revision must be signed', async () => {
  using keys = new SigningKeys();
  const anna = keys.ssh('anna');
  await using rig = await HostRig.start();
  const unsigned = (await rig.status()).source.applied ?? '';
  await rig.anchord.stop('SIGTERM');
  const allowedSigners = keys.allow('signers', anna.line);
  rig.configure({ repository: { url: rig.upstream, interval: '1s', verify: 'signed', allowedSigners } });
  await rig.run();

  const told = await rig.untilCondition('SourceVerified', 'False', 'NotSigned');
  assert.equal(told.source.applied, unsigned);
  // A signature that is missing does not make the host unready; but it is ready only after a whole round.
  await rig.untilReady(unsigned);
  const clone = rig.clone();
  clone.push({ [DIRECTORIES]: directory('/data/planted') });
  await rig.until((status) => status.source.refused !== undefined);
  clone.git('reset', '--quiet', '--hard', unsigned);
  await rig.untilReady(pushSigned(clone, anna.as, '/data/good'));
  assert.equal(existsSync(join(rig.root, 'data/planted')), false);
});

test('an accepted rewrite must be signed all the same', async () => {
  await using world = await World.start();
  const { rig, clone, anna } = world;
  const base = clone.git('rev-parse', 'HEAD').trim();
  await rig.untilReady(pushSigned(clone, anna.as, '/data/one'));
  clone.git('reset', '--quiet', '--hard', base);
  const rewritten = clone.push({ [DIRECTORIES]: directory('/data/two') }, '--force');
  await rig.untilCondition('Stalled', 'True', 'RewriteRefused');

  assert.equal((await rig.command('accept-rewrite', rewritten)).code, 0);

  const refused = await rig.untilCondition('Stalled', 'True', 'NotSigned');
  assert.equal(refused.source.refused?.sha, rewritten);
  assert.equal(existsSync(join(rig.root, 'data/two')), false);
});

test('anchord does not start without a file of signers that it can use', async () => {
  using keys = new SigningKeys();
  await using rig = HostRig.make();
  const repository = { url: rig.upstream, verify: 'signed' as const };
  rig.configure({ repository });
  const unnamed = await rig.command('run');
  rig.configure({ repository: { ...repository, allowedSigners: [keys.allow('torn', 'anna')] } });
  const torn = await rig.command('run');

  assert.notEqual(unnamed.code, 0);
  assert.match(unnamed.stderr, /repository\.allowedSigners/);
  assert.notEqual(torn.code, 0);
  assert.match(torn.stderr, /line 1/);
});

/** A host that takes signed commits alone, and the first of its signers. */
class World implements AsyncDisposable {
  readonly keys: SigningKeys;
  readonly anna: ReturnType<SigningKeys['ssh']>;
  readonly rig: HostRig;
  readonly clone: StateClone;
  readonly signers: string;

  private constructor(parts: Pick<World, 'keys' | 'anna' | 'rig' | 'clone' | 'signers'>) {
    this.keys = parts.keys;
    this.anna = parts.anna;
    this.rig = parts.rig;
    this.clone = parts.clone;
    this.signers = parts.signers;
  }

  /** The first commit, which is from before, is not signed; the one that comes into force is. */
  static async start(): Promise<World> {
    const keys = new SigningKeys();
    const anna = keys.ssh('anna');
    const signers = keys.allow('signers', anna.line);
    const rig = HostRig.make();
    const clone = rig.clone();
    const world = new World({ keys, anna, rig, clone, signers });
    try {
      rig.configure({
        repository: { url: rig.upstream, interval: '1s', verify: 'signed', allowedSigners: signers },
      });
      const revision = pushSigned(clone, anna.as, '/data/work');
      await rig.run();
      await rig.adopt('data', 'vault');
      await rig.untilReady(revision);
      return world;
    } catch (error) {
      await world[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rig[Symbol.asyncDispose]();
    this.keys[Symbol.dispose]();
  }
}

function directory(path: string): string {
  return `directories:\n  ${path}: { mode: "0755" }\n`;
}

/** Commits that this is the one directory, signed, and makes it the branch. */
function pushSigned(clone: StateClone, as: SignAs, path: string): string {
  writeFileSync(join(clone.dir, DIRECTORIES), directory(path));
  clone.git('add', '--all');
  clone.git(...as, 'commit', '--quiet', '--gpg-sign', '-m', 'signed');
  clone.git('push', '--quiet', '--force', 'origin', 'HEAD:main');
  return clone.git('rev-parse', 'HEAD').trim();
}
