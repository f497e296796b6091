import type { Pass } from '../../state-schema/generated/history.ts';
import type { Run } from '../../state-schema/generated/status.ts';
import type { PassDeed, RevisionsChange, Store } from '../store/store.ts';
import type { AuditLog } from './audit-log.ts';
import { passFacts, revisionFacts, runEnded } from './store-facts.ts';

/** A store whose changes that the audit tells of take their lines along: either both are kept or neither is. */
export class AuditedStore implements Store {
  readonly #store: Store;
  readonly #audit: Pick<AuditLog, 'commit'>;

  constructor(store: Store, audit: Pick<AuditLog, 'commit'>) {
    this.#store = store;
    this.#audit = audit;
  }

  async saveRevisions(change: RevisionsChange): Promise<void> {
    const facts = revisionFacts(change);
    if (facts.length === 0) return this.#store.saveRevisions(change);
    await this.#audit.commit(facts, (lines) => this.#store.saveRevisions(change, lines));
  }

  async rememberVolume(name: string, id: string): Promise<void> {
    const fact = { kind: 'volume.adopted', facts: { volume: name, id } } as const;
    await this.#audit.commit([fact], (lines) => this.#store.rememberVolume(name, id, lines));
  }

  async rememberRepository(location: string, id: string): Promise<void> {
    const fact = { kind: 'repository.remembered', facts: { repository: location, id } } as const;
    await this.#audit.commit([fact], (lines) => this.#store.rememberRepository(location, id, lines));
  }

  async endRun(run: Run): Promise<void> {
    await this.#audit.commit([runEnded(run)], (lines) => this.#store.endRun(run, lines));
  }

  async addPass(pass: Pass, deeds: readonly PassDeed[] = []): Promise<void> {
    const facts = passFacts(pass, deeds);
    if (facts.length === 0) return this.#store.addPass(pass);
    await this.#audit.commit(facts, (lines) => this.#store.addPass(pass, deeds, lines));
  }

  // The audit does not tell of the rest.

  readonly revisions: Store['revisions'] = () => this.#store.revisions();
  readonly inventory: Store['inventory'] = () => this.#store.inventory();
  readonly saveInventory: Store['saveInventory'] = (change) => this.#store.saveInventory(change);
  readonly volumeIds: Store['volumeIds'] = () => this.#store.volumeIds();
  readonly repositoryIds: Store['repositoryIds'] = () => this.#store.repositoryIds();
  readonly schedules: Store['schedules'] = () => this.#store.schedules();
  readonly saveSchedules: Store['saveSchedules'] = (change) => this.#store.saveSchedules(change);
  readonly beginRun: Store['beginRun'] = (run, schedule) => this.#store.beginRun(run, schedule);
  readonly openRuns: Store['openRuns'] = () => this.#store.openRuns();
  readonly runs: Store['runs'] = (filter) => this.#store.runs(filter);
  readonly lastRuns: Store['lastRuns'] = () => this.#store.lastRuns();
  readonly passes: Store['passes'] = (limit) => this.#store.passes(limit);
  readonly conditions: Store['conditions'] = () => this.#store.conditions();
  readonly saveConditions: Store['saveConditions'] = (conditions) => this.#store.saveConditions(conditions);
  readonly audit: Store['audit'] = () => this.#store.audit();
  readonly addAudit: Store['addAudit'] = (lines) => this.#store.addAudit(lines);
  readonly auditWritten: Store['auditWritten'] = (written) => this.#store.auditWritten(written);
  readonly setAuditHeads: Store['setAuditHeads'] = (heads) => this.#store.setAuditHeads(heads);
  readonly outbox: Store['outbox'] = () => this.#store.outbox();
  readonly tell: Store['tell'] = (told, messages) => this.#store.tell(told, messages);
  readonly settleMessage: Store['settleMessage'] = (seq, target, delivery) =>
    this.#store.settleMessage(seq, target, delivery);
  readonly copyTo: Store['copyTo'] = (file) => this.#store.copyTo(file);
  readonly fact: Store['fact'] = (name) => this.#store.fact(name);
  readonly saveFact: Store['saveFact'] = (name, value) => this.#store.saveFact(name, value);

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#store[Symbol.asyncDispose]();
  }
}
