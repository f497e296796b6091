import assert from 'node:assert/strict';
import test from 'node:test';
import { exportedFiles } from '../../daemon/audit/exported-files.ts';
import { exportStart, noteRedaction } from '../../daemon/audit/export-start.ts';
import { firstBase } from '../../daemon/audit/first-base.ts';
import { redactFact } from '../../daemon/audit/redact-fact.ts';
import { verifyChain } from '../../daemon/audit/verify-chain.ts';
import { standIn } from '../../daemon/stand-in.ts';
import { HostRig, STATE_FILES } from '../rig/host-rig.ts';
import { AuditRig, fact } from './audit-rig.ts';

const KEY = 'k'.repeat(64);

test('a redacted fact names no place and repeats no words, and the owner of the key can find the place again', () => {
  const redacted = redactFact(
    {
      kind: 'pass.ended',
      facts: {
        revision: 'a'.repeat(40),
        message: '/data/secret plans',
        did: [{ resource: 'directory:/data/secret plans', kind: 'change', what: 'mode 0700 → /data/secret' }],
        unnamed: 0,
      },
    },
    KEY,
  );

  assert.deepEqual(redacted.facts, {
    revision: 'a'.repeat(40),
    did: [{ resource: `directory:${standIn('directory:/data/secret plans', KEY)}`, kind: 'change' }],
    unnamed: 0,
  });
});

test('of a host that redacts, the branch has no names, and a chain that bears the host out', async () => {
  const files = {
    ...STATE_FILES,
    'hosts/motoko/more.yaml': 'links:\n  /data/hush: { target: /vault/quiet }\n',
  };
  await using rig = await HostRig.start({ files, settings: { status: { redact: true } } });
  await rig.untilPublished((status) => status.audit !== undefined && status.source.applied !== undefined);

  const { code, stderr } = await rig.command('audit', 'verify', '--remote');
  const clone = rig.clone();
  clone.git('checkout', '--quiet', 'anchord-status/motoko');
  const lines = clone.git('grep', '-h', '', 'HEAD', '--', 'audit/host');

  assert.equal(code, 0, stderr);
  assert.match(lines, /"kind":"pass.ended"/);
  assert.doesNotMatch(lines, /\/data|\/vault|hush|quiet/);
});

test('lines of before redaction was turned on stay off the branch from then on', async () => {
  await using rig = await AuditRig.make();
  const audit = await rig.open();
  audit.record(fact('named'));
  await audit.flush();
  await noteRedaction(rig.store, { redact: false, head: audit.head });

  await noteRedaction(rig.store, { redact: true, head: audit.head });
  audit.record(fact('redacted'));
  await noteRedaction(rig.store, { redact: true, head: audit.head });
  const { segments, head } = await audit.snapshot();
  const files = exportedFiles(segments, await exportStart(rig.store));

  const exported = [...files].map(([path, bytes]) => ({ day: path.slice(-16, -6), bytes }));
  assert.doesNotMatch(Buffer.concat([...files.values()]).toString(), /"named"/);
  assert.equal(firstBase(exported).seq, 2);
  assert.equal(verifyChain(exported, { base: firstBase(exported), head }).kind, 'ok');
});
