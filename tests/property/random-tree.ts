import { STATE_FILES } from '../rig/host-rig.ts';
import type { Seeded } from './seeded.ts';

/** One entry of a random tree. */
export interface RandomEntry {
  readonly path: Uint8Array;
  /** Of a file, an executable one, a symbolic link, or a submodule. */
  readonly mode: '100644' | '100755' | '120000' | '160000';
  readonly content: Uint8Array;
}

const FOLDER = 'hosts/motoko';
/** Names that a person, a mistake or an attacker gives; from each something like `a.yaml` is made. */
const ODD = [
  'plain',
  'with space',
  '-rf',
  '$(reboot)',
  'quote"s',
  "apostrophe's",
  'back\\slash',
  'line\nend',
  'tab\tbed',
  'umlaut-ü',
  'right\u202Eleft',
  '\u0007bell',
  'COMMON',
  'x'.repeat(200),
  '*',
  '{{mustache}}',
  '<script>',
];
const ENDINGS = ['.yaml', '.yaml', '.yaml', '.yml', '', '.YAML', '.yaml.bak', '/sub.yaml'];

/** A state repo as nobody should push it, but may: valid and broken files, odd names and modes, links, submodules. */
export function randomTree(random: Seeded, outside: string): readonly RandomEntry[] {
  const entries: RandomEntry[] = Object.entries(STATE_FILES).map(([path, text]) =>
    file(path, random.below(6) === 0 ? mutate(text, random) : Buffer.from(text)),
  );
  const more = random.below(4);
  for (let number = 0; number < more; number += 1) entries.push(oddEntry(random, outside));
  return entries;
}

function oddEntry(random: Seeded, outside: string): RandomEntry {
  const folder = random.pick([FOLDER, FOLDER, FOLDER, 'common', 'hosts/other', 'docs']);
  const path = Buffer.from(`${folder}/${random.pick(ODD)}${random.below(100)}${random.pick(ENDINGS)}`);
  const notUtf8 = random.below(12) === 0 ? Buffer.concat([path, Buffer.from([0xff, 0xfe])]) : path;
  const kind = random.below(10);
  if (kind === 0) return { path: notUtf8, mode: '120000', content: Buffer.from(linkTarget(random, outside)) };
  if (kind === 1) return { path: notUtf8, mode: '160000', content: Buffer.alloc(0) };
  const mode = kind === 2 ? '100755' : '100644';
  return { path: notUtf8, mode, content: oddContent(random, outside) };
}

function linkTarget(random: Seeded, outside: string): string {
  return random.pick([outside, '/etc/passwd', '../../../../etc/shadow', 'host.yaml', '.', '/dev/zero']);
}

function oddContent(random: Seeded, outside: string): Uint8Array {
  switch (random.below(8)) {
    case 0:
      return Buffer.from(Array.from({ length: 2_000 }, () => random.below(256)));
    case 1:
      return Buffer.from(`# ${'x'.repeat(5 * 1024 * 1024)}\n`);
    case 2:
      return Buffer.from(`links:\n  /data/l${random.below(9)}: { target: ${JSON.stringify(outside)} }\n`);
    case 3:
      return Buffer.from(`directories:\n  ${JSON.stringify(`/data/../..${outside}/planted`)}: {}\n`);
    case 4:
      return mutate(directories(random), random);
    default:
      return Buffer.from(directories(random));
  }
}

function directories(random: Seeded): string {
  const lines = Array.from({ length: 1 + random.below(4) }, (_, number) => {
    const name = `/data/${random.pick(ODD)}-${random.below(1000)}-${number}`;
    const mode = random.pick([
      '{}',
      '{ mode: "0700" }',
      '{ mode: "2775" }',
      '{ mode: 755 }',
      '{ owner: root }',
    ]);
    return `  ${JSON.stringify(name)}: ${mode}\n`;
  });
  return `directories:\n${lines.join('')}`;
}

/** A text as a slip of the hand, a merge or a broken disk leaves it. */
function mutate(text: string, random: Seeded): Uint8Array {
  const bytes = [...Buffer.from(text)];
  for (let times = 1 + random.below(3); times > 0; times -= 1) {
    const at = random.below(bytes.length + 1);
    const many = random.below(4);
    if (random.below(3) === 0) bytes.splice(at, many);
    else if (random.below(2) === 0) bytes.splice(at, many, random.below(256));
    else bytes.splice(at, 0, ...Buffer.from(random.pick(WRONG)));
  }
  return Buffer.from(bytes);
}

const WRONG = [
  ':',
  '\t',
  '- ',
  '{',
  '[',
  '"',
  '&a ',
  '*a',
  '!!js ',
  '\n---\n',
  '<<: ',
  '\u0000',
  '\r',
  '? ',
  '<<<<<<< HEAD\n',
];

function file(path: string, content: Uint8Array): RandomEntry {
  return { path: Buffer.from(path), mode: '100644', content };
}
