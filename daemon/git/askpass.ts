import type { RemoteAccess } from './remote.ts';

/**
 * The program git asks for a user name and a password (gitcredentials(7), GIT_ASKPASS). The password goes from its file
 * to git through a pipe: it is never in an argument, an environment or an address. Only a question that names exactly
 * the configured host is answered, so a redirect cannot fetch the password for somewhere else.
 */
export const ASKPASS_SCRIPT = `#!/bin/sh
# Written by anchord. Answers git's question for the configured host, and no other.
case $1 in
"Username for '$ANCHORD_GIT_ORIGIN': ") printf '%s\\n' "$ANCHORD_GIT_USERNAME" ;;
"Password for '$ANCHORD_GIT_USER_ORIGIN': ")
  IFS= read -r password <"$ANCHORD_GIT_PASSWORD_FILE" || [ -n "$password" ] || exit 1
  printf '%s\\n' "$password"
  ;;
*) exit 1 ;;
esac
`;

/** What the script needs to know; empty for a remote that git does not ask credentials for. */
export function askpassEnv({ remote, credentials }: RemoteAccess): Readonly<Record<string, string>> {
  if (remote.kind !== 'http' || credentials?.passwordFile === undefined) return {};
  const username = credentials.username ?? 'anchord';
  const [scheme = '', host = ''] = remote.origin.split('://');
  return {
    ANCHORD_GIT_ORIGIN: remote.origin,
    ANCHORD_GIT_USER_ORIGIN: `${scheme}://${percentEncode(username)}@${host}`,
    ANCHORD_GIT_USERNAME: username,
    ANCHORD_GIT_PASSWORD_FILE: credentials.passwordFile,
  };
}

/** As git writes a user name into its question: everything but RFC 3986's unreserved characters is encoded. */
function percentEncode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
