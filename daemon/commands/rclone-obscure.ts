import { run } from '../process/run.ts';
import { SecretValue } from '../secrets/secret-value.ts';
import { rcloneEnvironment, type RcloneHome } from './rclone.ts';

const TIMEOUT_MS = 30_000;

/**
 * A password as rclone wants it in its configuration. That is no encryption: whoever has it has the password. Given on
 * stdin, so that it stands in no argument; undefined when rclone cannot do it.
 */
export async function obscured(plain: SecretValue, home: RcloneHome): Promise<SecretValue | undefined> {
  const result = await run({
    program: 'rclone',
    args: ['obscure', '-'],
    env: rcloneEnvironment(home),
    input: plain.reveal(),
    timeoutMs: TIMEOUT_MS,
  });
  const text = result.stdout.trim();
  return result.end === 'exited' && result.code === 0 && text !== '' ? new SecretValue(text) : undefined;
}
