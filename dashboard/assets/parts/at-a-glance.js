/** A few facts that answer most questions before they are asked. */
function atAGlance() {
  return {
    get isShown() {
      return this.facts.length > 0;
    },
    get facts() {
      const { status, now } = page();
      if (status === null) return [];
      return [
        lastBackup(status, now),
        lastProof(status, now),
        nextRun(status, now),
        guardedVolumes(status),
        resourcesAsDeclared(status),
      ].filter((fact) => fact.value !== '');
    },
  };
}

/**
 * @param {Anchord.Status} status
 * @param {number} now
 */
function lastBackup(status, now) {
  const backups = status.policies.filter(({ kind }) => kind === 'backup');
  const newest = latest(backups.map(({ lastSuccessAt }) => lastSuccessAt));
  const value = newest === undefined ? 'never' : sayAgo(newest, now);
  const policy = backups.find(({ lastSuccessAt }) => lastSuccessAt === newest);
  return {
    label: 'Last good backup',
    value: backups.length === 0 ? '' : value,
    note: newest === undefined ? '' : (policy?.name ?? ''),
  };
}

/**
 * @param {Anchord.Status} status
 * @param {number} now
 */
function lastProof({ policies }, now) {
  const copies = policies.filter(({ kind }) => kind === 'backup' || kind === 'mirror');
  const isDrilled = policies.some(({ kind }) => kind === 'drill');
  const newest = latest(copies.map(({ proof }) => proof?.at));
  const value = newest === undefined ? 'never' : sayAgo(newest, now);
  const proved = copies.filter(({ proof }) => proof !== undefined).length;
  return {
    label: 'Last restore test',
    value: isDrilled ? value : '',
    note: newest === undefined ? '' : `${proved} of ${copies.length} copies proved`,
  };
}

/**
 * @param {Anchord.Status} status
 * @param {number} now
 */
function nextRun(status, now) {
  const planned = status.policies.filter(
    ({ nextRunAt }) => nextRunAt !== undefined && Date.parse(nextRunAt) > now,
  );
  const next = planned.toSorted((a, b) => Date.parse(a.nextRunAt ?? '') - Date.parse(b.nextRunAt ?? ''))[0];
  return {
    label: 'Next run',
    value: next === undefined ? '' : sayAgo(next.nextRunAt ?? '', now),
    note: next?.name ?? '',
  };
}

/** @param {Anchord.Status} status */
function guardedVolumes({ volumes }) {
  const passed = volumes.filter(({ guard }) => guard === 'passed' || guard === 'full').length;
  return {
    label: 'Volumes guarded',
    value: volumes.length === 0 ? '' : `${passed} of ${volumes.length}`,
    note: '',
  };
}

/** @param {Anchord.Status} status */
function resourcesAsDeclared({ resources: { counts } }) {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const good = ['in-sync', 'changed', 'simulated'].reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  const value = total === 0 ? '' : `${good.toLocaleString('en')} of ${total.toLocaleString('en')}`;
  return { label: 'Resources as declared', value, note: '' };
}

/** @param {readonly (string | undefined)[]} times */
function latest(times) {
  const known = times.filter((time) => time !== undefined).toSorted();
  return known[known.length - 1];
}

document.addEventListener('alpine:init', () => Alpine.data('atAGlance', atAGlance));
