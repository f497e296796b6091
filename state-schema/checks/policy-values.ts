import type {
  BackupPolicy,
  CheckPolicy,
  DrillPolicy,
  GraduatePolicy,
  Policy,
} from '../generated/state-file.ts';
import type { Finding } from '../parse/finding.ts';
import type { PartialHostState } from '../parse/merge-files.ts';
import { quote } from '../quote.ts';
import type { CheckContext } from './check-context.ts';

/** Values of policies that the schema alone cannot judge: what they are about, names with placeholders, parts. */
export function checkPolicyValues(context: CheckContext): readonly Finding[] {
  return Object.entries(context.state.policies).flatMap(([name, policy]) =>
    checkPolicy(name, policy, context),
  );
}

function checkPolicy(name: string, policy: Policy, context: CheckContext): Finding[] {
  const { state } = context;
  switch (policy.kind) {
    case 'backup':
      return pruneWithoutKeep(name, policy);
    case 'check':
      return [...wrongKinds(name, policy, state), ...checkPart(name, policy)];
    case 'drill':
      return wrongKinds(name, policy, state);
    case 'graduate':
      return checkName(name, policy);
    case 'tier':
      return tierWithoutCatcher(name, context);
    case 'mirror':
    case 'purge':
      return [];
  }
}

function pruneWithoutKeep(name: string, { prune, keep }: BackupPolicy): Finding[] {
  if (prune === undefined || keep !== undefined) return [];
  const message = `policy ${name} prunes, but without keep it never forgets anything that could be pruned; add keep, or leave prune out`;
  return [
    {
      code: 'missing-key',
      at: ['policies', name, 'prune'],
      on: 'key',
      message,
      expected: 'the key keep',
    },
  ];
}

function wrongKinds(
  name: string,
  { kind, of }: CheckPolicy | DrillPolicy,
  state: PartialHostState,
): Finding[] {
  const wanted = kind === 'check' ? ['backup'] : ['backup', 'mirror'];
  return of.flatMap((other, index): Finding[] => {
    // What is not declared at all is an unknown reference, and told as that.
    const policy = Object.hasOwn(state.policies, other) ? state.policies[other] : undefined;
    if (policy === undefined || wanted.includes(policy.kind)) return [];
    const expected = `a ${wanted.join(' or ')} policy`;
    const message = `policy ${name} cannot ${kind} ${other}, which is of the kind ${policy.kind}; ${expected} is expected`;
    return [
      {
        code: 'wrong-value',
        at: ['policies', name, 'of', index],
        on: 'value',
        message,
        found: policy.kind,
        expected,
      },
    ];
  });
}

/** restic goes by the first byte of a pack's id. */
const MOST_PARTS = 256;

function checkPart(name: string, { readData = '' }: CheckPolicy): Finding[] {
  const [part, whole] = readData.split('/').map(Number);
  if (part === undefined || whole === undefined || (part <= whole && whole <= MOST_PARTS)) return [];
  const message =
    whole > MOST_PARTS
      ? `policy ${name} divides the data into ${whole} parts, and restic divides it into ${MOST_PARTS} at the most`
      : `policy ${name} reads part ${readData} of the data, and there is no such part; the first number counts up to the second`;
  return [
    { code: 'wrong-value', at: ['policies', name, 'readData'], on: 'value', message, found: quote(readData) },
  ];
}

function checkName(policyName: string, { name = '{name}' }: GraduatePolicy): Finding[] {
  const unknown = (name.match(/\{[^}]*\}?|\}/g) ?? []).find(
    (placeholder) => placeholder !== '{name}' && placeholder !== '{year}',
  );
  const expected = 'text with {name} in it, and {year} where wanted';
  let fault: string | undefined;
  if (unknown !== undefined) fault = `${quote(unknown)} stands for nothing`;
  else if (!name.includes('{name}')) fault = 'without {name} every directory would get the same name';
  else if (name.startsWith('.anchord-')) fault = 'names that begin with .anchord- are anchord’s own';
  if (fault === undefined) return [];
  const message = `policy ${policyName} cannot name directories ${quote(name)}: ${fault}`;
  return [
    {
      code: 'wrong-value',
      at: ['policies', policyName, 'name'],
      on: 'value',
      message,
      found: quote(name),
      expected,
    },
  ];
}

function tierWithoutCatcher(name: string, { state, isWhole, broken }: CheckContext): Finding[] {
  if (state.catcher !== undefined || !isWhole || broken.has('catcher')) return [];
  const message = `policy ${name} moves blobs from tier to tier, but there is no catcher; describe one, or leave the policy out`;
  return [
    {
      code: 'unknown-reference',
      at: ['policies', name],
      on: 'key',
      message,
      expected: 'the key catcher',
    },
  ];
}
