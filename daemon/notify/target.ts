import type { Notify } from '../../state-schema/generated/state-file.ts';
import type { News } from './judge-news.ts';
import type { NewsEvent } from './trouble.ts';

/** The services that news can go to. */
export type Service = 'ntfy' | 'webhook' | 'healthchecks';

/** One address that news goes to. */
export interface Target {
  /** Service and name of the secret with the address: what status, log and store call it. */
  readonly id: string;
  readonly service: Service;
  /** Name of the secret that holds the address. */
  readonly address: string;
  /** Name of the secret that signs. */
  readonly signedWith?: string;
  /** What it wants to know: it gets what any of them takes. */
  readonly filters: readonly { readonly on?: readonly NewsEvent[]; readonly policies?: readonly string[] }[];
}

/** The targets that a state declares. Several entries for one address are one target, so that nothing arrives twice. Pure. */
export function targetsOf(entries: readonly Notify[]): readonly Target[] {
  const targets = new Map<string, Target>();
  for (const entry of entries) {
    const [service, reference] = serviceOf(entry);
    if (reference === undefined) continue;
    const id = `${service}:${reference.secret}`;
    const filter = {
      ...(entry.on === undefined ? {} : { on: entry.on }),
      ...(entry.policies === undefined ? {} : { policies: entry.policies }),
    };
    const before = targets.get(id);
    const signedWith = entry.signedWith?.secret ?? before?.signedWith;
    targets.set(id, {
      id,
      service,
      address: reference.secret,
      ...(signedWith === undefined ? {} : { signedWith }),
      filters: [...(before?.filters ?? []), filter],
    });
  }
  return [...targets.values()];
}

/** Whether a target wants a piece of news. That something is over, only who was told that it began. Pure. */
export function wants(target: Target, { event, trouble, to }: News): boolean {
  if (to !== undefined && !to.includes(target.id)) return false;
  return target.filters.some(
    ({ on, policies }) =>
      (on === undefined || on.includes(event)) &&
      (policies === undefined || trouble.policies.some((name) => policies.includes(name))),
  );
}

function serviceOf(entry: Notify): readonly [Service, { readonly secret: string } | undefined] {
  if (entry.ntfy !== undefined) return ['ntfy', entry.ntfy];
  return entry.webhook === undefined ? ['healthchecks', entry.healthchecks] : ['webhook', entry.webhook];
}
