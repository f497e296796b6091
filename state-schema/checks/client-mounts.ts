import type { Client } from '../generated/state-file.ts';
import { nearest } from '../nearest.ts';
import type { Finding, ValuePath } from '../parse/finding.ts';
import { quote } from '../quote.ts';
import { isComplete, type CheckContext } from './check-context.ts';

/** A share that a client mounts, and where; `place` is undefined when the client may choose. */
interface MountedShare {
  readonly share: string;
  readonly place?: string;
  readonly at: ValuePath;
  readonly on: 'key' | 'value';
}

/** Clients mount shares that exist, that their user may use, at places their system knows. */
export function checkClientMounts(context: CheckContext): readonly Finding[] {
  return Object.entries(context.state.clients).flatMap(([name, client]) => {
    const mounts = mountedShares(name, client);
    return [
      ...signIn(name, client, context),
      ...mounts.flatMap((mount) => [
        ...checkShare({ name, client, mount }, context),
        ...checkPlace(name, client, mount),
      ]),
      ...sameLetter(name, mounts),
    ];
  });
}

function mountedShares(name: string, { mounts }: Client): MountedShare[] {
  const at = ['clients', name, 'mounts'];
  if (Array.isArray(mounts)) {
    return mounts.map((share, index) => ({ share, at: [...at, index], on: 'value' }));
  }
  return Object.entries(mounts).map(([share, place]) => ({ share, place, at: [...at, share], on: 'key' }));
}

function signIn(name: string, { user }: Client, { state }: CheckContext): Finding[] {
  const declared = Object.hasOwn(state.users, user) ? state.users[user] : undefined;
  if (declared === undefined || declared.samba !== undefined) return [];
  const message = `client ${name} signs in as ${user}, who has no password for shares; give users › ${user} the key samba`;
  return [
    { code: 'missing-key', at: ['clients', name, 'user'], on: 'value', message, also: [['users', user]] },
  ];
}

function checkShare(
  { name, client, mount }: { readonly name: string; readonly client: Client; readonly mount: MountedShare },
  context: CheckContext,
): Finding[] {
  const { at, on, share } = mount;
  const { state, names } = context;
  if (!names.shares.has(share)) {
    if (!context.isWhole) return [];
    const near = nearest(share, names.shares);
    const message = `client ${name} mounts ${quote(share)}, which shares does not declare`;
    const finding = {
      code: 'unknown-reference',
      at,
      on,
      message,
      found: quote(share),
      expected: 'a name under shares',
    } as const;
    return [near === undefined ? finding : { ...finding, nearest: near }];
  }
  const declared = Object.hasOwn(state.shares, share) ? state.shares[share] : undefined;
  if (declared === undefined) return [];
  if (declared.timeMachine !== undefined) {
    const message = `client ${name} mounts ${share}, a Time Machine destination; macOS finds it by itself, so leave it out`;
    return [{ code: 'wrong-value', at, on, message, also: [['shares', share]] }];
  }
  const mayUse = [...(declared.write ?? []), ...(declared.read ?? [])].includes(client.user);
  if (mayUse || !isComplete(context, 'shares')) return [];
  const message = `client ${name} mounts ${share} as ${client.user}, whom that share does not let in; name the user under write or read there`;
  return [{ code: 'wrong-value', at, on, message, also: [['shares', share]] }];
}

function checkPlace(name: string, { os }: Client, { share, place, at }: MountedShare): Finding[] {
  const isLetter = place !== undefined && /^[A-Za-z]:$/.test(place);
  const found = place === undefined ? 'nothing' : quote(place);
  if (os === 'windows') {
    if (place !== undefined && /^[D-Z]:$/.test(place)) return [];
    const expected = 'a drive letter from "D:" to "Z:"';
    const message = `client ${name} runs Windows and would mount ${share} on ${found}; ${expected} is expected (A to C belong to the system)`;
    return [{ code: 'wrong-value', at, on: 'value', message, found, expected }];
  }
  const isUnclean =
    place !== undefined &&
    place
      .slice(1)
      .split('/')
      .some((part) => part === '..' || part === '.');
  if (!isLetter && !isUnclean) return [];
  const message = `client ${name} runs ${os} and cannot mount ${share} on ${found}; a place such as ~/${share} is expected`;
  return [{ code: 'wrong-value', at, on: 'value', message, found, expected: `a place such as ~/${share}` }];
}

function sameLetter(name: string, mounts: readonly MountedShare[]): Finding[] {
  const seen = new Map<string, MountedShare>();
  return mounts.flatMap((mount): Finding[] => {
    const { place, share, at } = mount;
    if (place === undefined) return [];
    const first = seen.get(place);
    if (first === undefined) {
      seen.set(place, mount);
      return [];
    }
    const message = `client ${name} mounts ${first.share} and ${share} on the same ${quote(place)}; give each its own`;
    return [{ code: 'duplicate', at, on: 'value', message, found: quote(place), also: [first.at] }];
  });
}
