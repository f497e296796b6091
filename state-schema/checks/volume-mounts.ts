import type { Finding } from '../parse/finding.ts';
import { quote } from '../quote.ts';
import type { CheckContext } from './check-context.ts';
import { pathFault } from './path-fault.ts';
import { selfAndAbove } from './path-tree.ts';

const SYSTEM = /^\/(?:bin|boot|dev|etc|home|lib[^/]*|proc|root|run|sbin|sys|usr|var)(?:\/|$)/;

/** Volumes have an identity each, do not lie in each other, and are not the system itself. */
export function checkVolumeMounts(context: CheckContext): readonly Finding[] {
  return [...inSystem(context), ...withoutIdentity(context), ...sameIdentity(context), ...nested(context)];
}

function inSystem({ state, allow }: CheckContext): Finding[] {
  const allowed = new Set(allow?.volumes);
  return Object.entries(state.volumes).flatMap(([name, { mount }]): Finding[] => {
    if (!SYSTEM.test(mount) || allowed.has(mount)) return [];
    const message =
      `volume ${name} is mounted on ${quote(mount)}, which belongs to the system; mount it elsewhere, ` +
      'or name that path under allow.volumes in the host settings';
    return [{ code: 'forbidden', at: ['volumes', name, 'mount'], on: 'value', message, found: quote(mount) }];
  });
}

function withoutIdentity({ state }: CheckContext): Finding[] {
  return Object.entries(state.volumes).flatMap(([name, { uuid, label }]): Finding[] => {
    if (uuid !== undefined || label !== undefined) return [];
    const expected = 'the key uuid or label';
    const message = `volume ${name} lacks ${expected}, so another disk could pass for it; blkid prints both`;
    return [{ code: 'missing-key', at: ['volumes', name], on: 'key', message, expected }];
  });
}

function sameIdentity({ state }: CheckContext): Finding[] {
  const seen = new Map<string, string>();
  return Object.entries(state.volumes).flatMap(([name, volume]) => {
    return (['uuid', 'label', 'mount'] as const).flatMap((key): Finding[] => {
      const value = volume[key];
      if (value === undefined) return [];
      const identity = `${key} ${key === 'uuid' ? value.toLowerCase() : value}`;
      const first = seen.get(identity);
      if (first === undefined) {
        seen.set(identity, name);
        return [];
      }
      const message = `the volumes ${first} and ${name} have the same ${key} ${quote(value)}; each disk has its own`;
      return [
        {
          code: 'duplicate',
          at: ['volumes', name, key],
          on: 'value',
          message,
          also: [['volumes', first, key]],
        },
      ];
    });
  });
}

function nested({ state }: CheckContext): Finding[] {
  const owners = new Map(Object.entries(state.volumes).map(([name, { mount }]) => [mount, name]));
  return Object.entries(state.volumes).flatMap(([name, { mount }]): Finding[] => {
    if (pathFault(mount) !== undefined) return [];
    const above = selfAndAbove(mount)
      .slice(1)
      .find((path) => owners.has(path));
    const outer = above === undefined ? undefined : owners.get(above);
    if (outer === undefined) return [];
    const message = `volume ${name} on ${quote(mount)} lies inside volume ${outer}; mount them side by side`;
    return [
      {
        code: 'overlap',
        at: ['volumes', name, 'mount'],
        on: 'value',
        message,
        also: [['volumes', outer, 'mount']],
      },
    ];
  });
}
