import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditLog, type AuditLogParts } from '../../daemon/audit/audit-log.ts';
import type { AuditFact } from '../../daemon/audit/fact.ts';
import { segmentDays, segmentPath } from '../../daemon/audit/segment-files.ts';
import type { Clock } from '../../daemon/clock.ts';
import type { AnchordEvent } from '../../daemon/events.ts';
import { openSqliteStore } from '../../daemon/store/sqlite-store.ts';
import type { Store } from '../../daemon/store/store.ts';

/** An audit over a real store and real files, opened and closed as often as a test wants, with a clock that it sets. */
export class AuditRig implements AsyncDisposable {
  readonly dir: string;
  readonly folder: string;
  readonly events: AnchordEvent[] = [];
  readonly clock: Clock & { time: number };
  #store: Store | undefined;

  private constructor(dir: string) {
    this.dir = dir;
    this.folder = join(dir, 'audit/host');
    const clock = { time: Date.UTC(2026, 10, 21, 12), now: () => new Date(clock.time), monotonic: () => 0 };
    this.clock = clock;
  }

  static async make(): Promise<AuditRig> {
    return new AuditRig(await mkdtemp(join(tmpdir(), 'anchord-audit-')));
  }

  get store(): Store {
    if (this.#store === undefined) throw new Error('the audit of this rig is not open');
    return this.#store;
  }

  /** Opens store and audit. `change`: a store that does some of it differently. */
  async open(change: (store: Store) => Partial<AuditLogParts['store']> = () => ({})): Promise<AuditLog> {
    const store = await openSqliteStore({ file: join(this.dir, 'anchord.db') });
    this.#store = store;
    return AuditLog.open({
      host: 'motoko',
      folder: this.folder,
      clock: this.clock,
      emit: (event) => this.events.push(event),
      store: {
        audit: () => store.audit(),
        addAudit: (lines) => store.addAudit(lines),
        auditWritten: (written) => store.auditWritten(written),
        setAuditHeads: (heads) => store.setAuditHeads(heads),
        ...change(store),
      },
    });
  }

  /** Ends the store without a word to the audit, as a crash does. */
  async crash(): Promise<void> {
    await this.#store?.[Symbol.asyncDispose]();
    this.#store = undefined;
  }

  /** The lines in the files, parsed. */
  async lines(): Promise<
    readonly { readonly seq: number; readonly kind: string; readonly facts: Record<string, unknown> }[]
  > {
    const texts = await Promise.all(
      (await segmentDays(this.folder)).map((day) => readFile(this.path(day), 'utf8')),
    );
    return texts
      .join('')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { seq: number; kind: string; facts: Record<string, unknown> });
  }

  path(day = '2026/11/21'): string {
    return segmentPath(this.folder, day);
  }

  async cut(bytes: number, day = '2026/11/21'): Promise<void> {
    await truncate(this.path(day), (await stat(this.path(day))).size - bytes);
  }

  async append(text: string | Uint8Array): Promise<void> {
    await appendFile(this.path(), text);
  }

  async edit(change: (text: string) => string, day = '2026/11/21'): Promise<void> {
    await writeFile(this.path(day), change(await readFile(this.path(day), 'utf8')));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.crash();
    await rm(this.dir, { recursive: true, force: true });
  }
}

/** A fact that says nothing but its name. */
export function fact(volume: string): AuditFact {
  return { kind: 'guard.passed', facts: { volume } };
}
