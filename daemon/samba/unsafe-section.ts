import type { ShareSection } from './smb-config.ts';

const NAME = /^[a-z0-9][a-z0-9_-]{0,79}$/;
/** What smbd hands to a shell, as root. */
const FOR_A_SHELL = /^[A-Za-z0-9/._ -]+$/;
/** The one thing that Samba is meant to replace: the name of whoever signed in. */
const MEANT = '.recycle/%U';

/**
 * Why a section cannot be written so that Samba reads it as it is meant; undefined when it can. A second wall: the checks
 * of the state repo let nothing of this through. Pure.
 */
export function unsafeSection({ name, parameters }: ShareSection): string | undefined {
  if (!NAME.test(name)) return `the share name ${JSON.stringify(name)} cannot stand in smb.conf`;
  for (const [key, value] of parameters) {
    if (/[\p{Cc}\u2028\u2029]/u.test(key + value)) return `${key} holds a line end or a control character`;
    if (/[%;#"'\\]/.test(value.replace(MEANT, '')))
      return `${key} holds one of % ; # " ' \\, which Samba reads as something else`;
    if (key === 'root preexec' && !FOR_A_SHELL.test(value))
      return `${key} holds a letter that a shell reads as something else`;
    if (value !== value.trim()) return `${key} begins or ends with a space`;
  }
  return undefined;
}
