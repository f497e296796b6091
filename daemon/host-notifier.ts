import type { HostState } from '../state-schema/host-state.ts';
import type { Host } from './host.ts';
import { hostAuthorities } from './notify/host-authorities.ts';
import { NEWS_LIMITS } from './notify/judge-news.ts';
import { Notifier, type NotifierParts } from './notify/notifier.ts';

/** Nobody waits longer than this for news. Milliseconds. */
const MOST_TOGETHER_MS = 75_000;

/** The notifier of an opened host. Nothing is sent before it is started. */
export function hostNotifier(
  { settings, store, clock, hub, clockWatch, secrets }: Host,
  daemon: Pick<NotifierParts, 'status' | 'state' | 'stuck'>,
): Notifier {
  const { allow, overrides, root } = settings;
  function state(): HostState | undefined {
    const inForce = daemon.state();
    return inForce === undefined || overrides.notify !== 'off' ? inForce : { ...inForce, notify: [] };
  }
  return new Notifier({
    ...daemon,
    state,
    store,
    clock,
    emit: hub.emit,
    host: settings.host,
    redact: settings.status.redact,
    allowed: allow.notify ?? [],
    authorities: () => hostAuthorities(root),
    secret: (name) => secrets.resolve(name, daemon.state()?.secrets ?? {}),
    clockFault: () => clockWatch.fault(),
    random: Math.random,
    // A failed run and the lost disk behind it, which the next round finds, are one message.
    limits: { ...NEWS_LIMITS, togetherMs: Math.min(settings.repository.intervalMs * 1.25, MOST_TOGETHER_MS) },
  });
}
