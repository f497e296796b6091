import { run, type RunResult } from '../process/run.ts';

/** A disk that spins up needs about ten seconds. Milliseconds. */
const TIMEOUT_MS = 15_000;

/** What a file system calls itself. */
export interface DiskNames {
  readonly uuid?: string;
  readonly label?: string;
}

/**
 * Asks what the file system on a device calls itself. udev's database comes first, so that a look does not wake a sleeping
 * disk; where there is no udev (a container), the disk itself is read. Empty for what is no block device. Throws an error
 * with the code ETIMEDOUT for a disk that does not answer.
 */
export async function identifyDisk(node: string, path: string): Promise<DiskNames> {
  const known = await askUdev(node, path);
  return known.uuid === undefined && known.label === undefined ? probe(node, path) : known;
}

async function askUdev(node: string, path: string): Promise<DiskNames> {
  const result = await ask('lsblk', ['--json', '--nodeps', '--output', 'UUID,LABEL', '--', node], path);
  if (result.code !== 0) return {};
  const { blockdevices } = JSON.parse(result.stdout) as {
    readonly blockdevices: readonly { readonly uuid: string | null; readonly label: string | null }[];
  };
  const { uuid, label } = blockdevices[0] ?? { uuid: null, label: null };
  return { ...(uuid === null ? {} : { uuid }), ...(label === null ? {} : { label }) };
}

async function probe(node: string, path: string): Promise<DiskNames> {
  const [uuid, label] = await Promise.all(['UUID', 'LABEL'].map((tag) => probeFor(tag, node, path)));
  return { ...(uuid === undefined ? {} : { uuid }), ...(label === undefined ? {} : { label }) };
}

async function probeFor(tag: string, node: string, path: string): Promise<string | undefined> {
  const args = ['--probe', '--usages', 'filesystem', '--match-tag', tag, '--output', 'value', node];
  const result = await ask('blkid', args, path);
  const value = result.stdout.replace(/\n$/, '');
  return result.code === 0 && value !== '' ? value : undefined;
}

async function ask(program: string, args: readonly string[], path: string): Promise<RunResult> {
  const env = { PATH: path, LC_ALL: 'C' };
  const result = await run({ program, args, env, timeoutMs: TIMEOUT_MS });
  if (result.end !== 'timed-out') return result;
  throw Object.assign(new Error(`${program} got no answer`), { code: 'ETIMEDOUT' });
}
