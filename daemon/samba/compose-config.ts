import { configOf } from './config-of.ts';
import { withoutSections, withSectionsOf } from './config-text.ts';
import { utf8 } from './gate-config.ts';
import { guardProgram } from './guard-files.ts';
import { gateWithout } from './leave-out.ts';
import { renderConfig } from './render-config.ts';
import type { SambaPlace } from './samba-place.ts';
import type { ShareWork } from './share-view.ts';

/** A configuration that Samba reads as it is meant. */
export interface ComposedConfig {
  /** Undefined when there is none, and what is in force should stay. */
  readonly text?: string;
  /** Why a share is not in it as it is wanted, by its name. */
  readonly refused: ReadonlyMap<string, string>;
}

/**
 * The configuration to put in force. What Samba would not read now, for example after an upgrade of it, must not end
 * what it has served until now: such a share keeps its last good section, unless it must not be available.
 */
export async function composeConfig(
  work: ShareWork & { readonly kind: 'serve' },
  down: ReadonlySet<string>,
  place: SambaPlace,
): Promise<ComposedConfig> {
  const config = configOf(work.wants, { version: work.version, down, guard: guardProgram(place) });
  if (!work.checks) return { text: utf8(renderConfig(config)), refused: new Map() };
  const good = withoutSections(work.live.good ?? '', namesOf(down));
  const gated = await gateWithout(config, work, place);
  if (gated.passed !== undefined) {
    const refused = new Set(gated.leftOut.keys());
    const text = utf8(renderConfig(gated.passed));
    return { text: refused.size === 0 ? text : withSectionsOf(text, good, refused), refused: gated.leftOut };
  }
  const all = new Map(work.wants.map(({ name }) => [name, gated.leftOut.get(name) ?? gated.message]));
  return good === '' ? { refused: all } : { text: good, refused: all };
}

/** Names of shares by their ids. */
export function namesOf(ids: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...ids].map((id) => id.slice('share:'.length)));
}
