import { fileURLToPath } from 'node:url';
import type { GitCredentials } from '../../state-schema/generated/host-settings.ts';
import { Stalled } from '../errors.ts';

/** Where a repository is. `url` is what git is told and what messages show: there is never a credential in it. */
export type Remote =
  /** A folder of this machine: a bare repository, or a work tree with its `.git` inside. */
  | { readonly kind: 'path'; readonly url: string; readonly path: string; readonly protocol: 'file' }
  /** `origin` is scheme, host and port exactly as written: git names it like that when it asks for a password. */
  | {
      readonly kind: 'http';
      readonly url: string;
      readonly origin: string;
      readonly protocol: 'http' | 'https';
    }
  | {
      readonly kind: 'ssh';
      readonly url: string;
      readonly host: string;
      /** Undefined: ssh's own. */
      readonly port?: number;
      readonly protocol: 'ssh';
    };

/** A remote and how to sign in to it. */
export interface RemoteAccess {
  readonly remote: Remote;
  readonly credentials?: GitCredentials;
}

/** Reads a repository's address from the host settings. Throws `Stalled` for anything git should not be given. */
export function parseRemote(url: string): Remote {
  if (!isPlain(url)) throw refused(url, 'is empty, starts with "-" or holds a control character');
  if (url.startsWith('/')) return { kind: 'path', url, path: url, protocol: 'file' };
  if (url.startsWith('file:///')) return fileRemote(url);
  const http = /^(https?):\/\/([^/?#]+)([^?#]*)(.*)$/.exec(url);
  if (http !== null) return httpRemote(url, http);
  // `ssh://[user@]host[:port]/path` and git's short form `user@host:path`; a host may not look like an option of ssh.
  const ssh =
    /^ssh:\/\/(?:[\w.][\w.-]*@)?(?<host>[\w.][\w.-]*|\[[\w:.]+\])(?::(?<port>\d{1,5}))?\/./.exec(url) ??
    /^[\w.][\w.-]*@(?<host>[\w.][\w.-]*):[^-]/.exec(url);
  if (ssh?.groups !== undefined) return sshRemote(url, ssh.groups);
  throw refused(withoutUserinfo(url), 'is neither an absolute path nor an http, https or ssh address');
}

/** Checks that git would take `name` as a branch and never as an option or a pattern. Throws `Stalled`. */
export function checkBranch(name: string): void {
  // The rules of git-check-ref-format(1).
  const forbidden = /^[-/]|[/.]$|\.\.|\/\/|@\{|\/\.|^\.|\.lock(\/|$)|[\s~^:?*[\\]|^@$/;
  if (isPlain(name) && !forbidden.test(name)) return;
  throw new Stalled({
    reason: 'BranchMissing',
    message: `${JSON.stringify(name)} cannot be the name of a branch`,
    next: 'correct repository.branch in the host settings',
  });
}

function isPlain(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what this looks for
  return text !== '' && !text.startsWith('-') && !/[\u0000-\u001f\u007f]/.test(text);
}

function fileRemote(url: string): Remote {
  try {
    const path = fileURLToPath(url);
    if (isPlain(path)) return { kind: 'path', url: path, path, protocol: 'file' };
  } catch {
    // Not a file address after all: refused below.
  }
  throw refused(url, 'is not the address of a local folder');
}

function httpRemote(url: string, parts: RegExpExecArray): Remote {
  const [, scheme = '', host = '', , rest = ''] = parts;
  if (host.includes('@')) {
    throw refused(
      withoutUserinfo(url),
      'has a user name or password in it, which would end up in process lists and logs',
      'take it out, and set credentials: { username, passwordFile } in the host settings',
    );
  }
  if (rest !== '')
    throw refused(`${scheme}://${host}/…`, 'has a query or a fragment, which may carry a token');
  const protocol = scheme === 'https' ? 'https' : 'http';
  return { kind: 'http', url, origin: `${protocol}://${host}`, protocol };
}

function sshRemote(url: string, { host = '', port }: Readonly<Record<string, string | undefined>>): Remote {
  const at = port === undefined ? {} : { port: Number(port) };
  return { kind: 'ssh', url, host: host.replace(/^\[(.*)\]$/, '$1'), ...at, protocol: 'ssh' };
}

function withoutUserinfo(url: string): string {
  return url.replace(/\/\/[^/]*@/, '//');
}

function refused(url: string, why: string, next?: string): Stalled {
  return new Stalled({
    reason: 'FetchFailed',
    message: `the repository address ${JSON.stringify(url)} ${why}`,
    next:
      next ??
      'correct the url in the host settings: an absolute path, https://host/path or ssh://user@host/path',
  });
}
