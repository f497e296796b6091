/**
 * How a call of the webhook was answered.
 *
 * - `accepted` a look follows · `ignored` right, but of another branch · `ping` right, and says nothing
 * - `refused` no or a wrong signature · `limited` the same, too often · `too-large`, `cut-off` no whole body
 */
export type HookResult = 'accepted' | 'ignored' | 'ping' | 'refused' | 'limited' | 'too-large' | 'cut-off';
