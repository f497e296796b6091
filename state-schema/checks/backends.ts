import type { Remote } from '../generated/state-file.ts';
import { parseRepository, type RepositoryBackend } from '../parse-repository.ts';
import type { Finding } from '../parse/finding.ts';
import { quote } from '../quote.ts';
import type { CheckContext } from './check-context.ts';

/** The remotes that restic itself can speak to in each protocol. What the host settings define may be any of them. */
const TYPES: Readonly<Record<RepositoryBackend, readonly Remote['type'][]>> = {
  rclone: ['b2', 's3', 'azureblob', 'host'],
  b2: ['b2', 'host'],
  s3: ['s3', 'host'],
  azure: ['azureblob', 'host'],
  rest: ['host'],
};

/** A repository that restic reaches by itself lies on a remote that speaks so, and has an address. */
export function checkBackends({ state }: CheckContext): readonly Finding[] {
  return Object.entries(state.policies).flatMap(([name, policy]): Finding[] => {
    if (policy.kind !== 'backup') return [];
    const location = parseRepository(policy.repository);
    if (location.kind === 'local' || !Object.hasOwn(state.remotes, location.remote)) return [];
    const remote = state.remotes[location.remote];
    const fault = remote === undefined ? undefined : faultOf(location, remote);
    if (fault === undefined) return [];
    const found = quote(policy.repository);
    const message = `the repository ${found} of policy ${name} cannot be reached so: ${fault}`;
    return [{ code: 'wrong-value', at: ['policies', name, 'repository'], on: 'value', message, found }];
  });
}

function faultOf(
  location: { readonly backend: RepositoryBackend; readonly remote: string; readonly place: string },
  remote: Remote,
): string | undefined {
  const { backend, remote: name, place } = location;
  const types = TYPES[backend];
  if (!types.includes(remote.type))
    return `${backend}: needs a remote of type ${types.join(' or ')}, and ${name} is of type ${remote.type}; write rclone:${name}:${place}`;
  const isNowhere =
    backend === 's3' && remote.type === 's3' && remote.provider !== 'AWS' && remote.endpoint === undefined;
  return isNowhere ? `the remote ${name} has no endpoint, which restic needs` : undefined;
}
