import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AllowSettings } from '../../state-schema/generated/host-settings.ts';
import type { HostState } from '../../state-schema/host-state.ts';
import { parseHostState, type HostStateResult } from '../../state-schema/parse/parse-host-state.ts';
import type { Problem } from '../../state-schema/problem.ts';
import type { StateEntry } from '../../state-schema/state-entry.ts';

const EXAMPLE = fileURLToPath(new URL('../../../example-state-repo/hosts/motoko/', import.meta.url));

/** A small host without a fault. Tests add a second file to it, so that lines in that file are theirs. */
export const SMALL_HOST = `
host: { name: nas, timezone: Europe/Berlin }
volumes:
  data: { mount: /data, label: data }
  vault: { mount: /vault, uuid: 6f1a-22 }
directories:
  /data/work: { owner: ann, group: ann, mode: "2775" }
  /data/inbox: {}
  /data/old: {}
users:
  ann: { samba: { password: { secret: ann-password } } }
shares:
  work: { path: /data/work, write: [ann] }
remotes:
  cloud: { type: b2, account: { secret: cloud-id }, key: { secret: cloud-key } }
secrets:
  ann-password: { from: file, file: passwords }
  repo-password: { from: file, file: passwords }
  cloud-id: { from: azure-key-vault, vault: kv-home }
  cloud-key: { from: azure-key-vault, vault: kv-home }
policies:
  save:
    { kind: backup, source: /data, repository: /vault/repo, password: { secret: repo-password }, schedule: "0 1 * * *" }
`;

/** Texts or bytes of files, by their path in the repo. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** Parses files as the host nas. */
export function parse(files: Files, allow?: AllowSettings): HostStateResult {
  return parseHostState({
    host: 'nas',
    entries: entriesOf(files),
    ...(allow === undefined ? {} : { allow }),
  });
}

/** The problems of the small host with one more file, `hosts/nas/more.yaml`. */
export function problemsWith(more: string, allow?: AllowSettings): readonly Problem[] {
  const result = parse({ 'hosts/nas/base.yaml': SMALL_HOST, 'hosts/nas/more.yaml': more }, allow);
  return result.ok ? [] : result.problems;
}

/** The state of files that must be valid. */
export function stateOf(files: Files): HostState {
  const result = parse(files);
  if (!result.ok) assert.fail(result.problems.map(inShort).join('\n'));
  return result.state;
}

/** A problem as `file:line:column code`. */
export function inShort({ file, line, column, code }: Problem): string {
  return `${file}:${line}:${column} ${code}`;
}

/** Entries of a revision for some files. */
export function entriesOf(files: Files): readonly StateEntry[] {
  return Object.entries(files).map(([path, content]) => {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    return { path, type: 'file', size: bytes.length, bytes };
  });
}

/** The files of the example repo, by path. */
export function exampleFiles(): Record<string, Uint8Array> {
  return Object.fromEntries(
    readdirSync(EXAMPLE).map((name) => [
      `hosts/motoko/${name}`,
      new Uint8Array(readFileSync(`${EXAMPLE}${name}`)),
    ]),
  );
}
