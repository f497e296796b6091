/**
 * What is said of a policy besides its state, in reading order. A fact with a time carries it for `<time>`.
 * @param {Anchord.PolicyStatus} policy
 * @param {number} now
 */
function policyFacts(policy, now) {
  if (isIdle(policy)) return [];
  return [
    lastRunFact(policy, now),
    timeFact('Last good run', policy.lastSuccessAt, now),
    ...proofFacts(policy, now),
    timeFact('Next run', policy.nextRunAt, now),
    textFact('Schedule', saySchedule(policy.schedule), policy.timezone),
    textFact('From', policy.source ?? '', ''),
    textFact('To', policy.target ?? '', ''),
    textFact('Keeps', policy.keep ?? '', ''),
  ].filter((fact) => fact.text !== '');
}

/**
 * @param {Anchord.PolicyStatus} policy
 * @param {number} now
 */
function lastRunFact({ lastRun }, now) {
  if (lastRun === undefined) return textFact('Last run', 'never', '');
  const took = sayDuration((Date.parse(lastRun.endedAt) - Date.parse(lastRun.startedAt)) / SECOND);
  const details = [
    lookOf(lastRun.outcome).word,
    `took ${took}`,
    lastRun.files === undefined ? '' : sayCount(lastRun.files, 'file'),
    lastRun.bytesAdded === undefined ? '' : `${sayBytes(lastRun.bytesAdded)} added`,
  ].filter((text) => text !== '');
  return { ...timeFact('Last run', lastRun.endedAt, now), note: details.join(' · ') };
}

/**
 * Whether it can be restored: only of what keeps a copy.
 * @param {Anchord.PolicyStatus} policy
 * @param {number} now
 */
function proofFacts({ kind, proof }, now) {
  if (kind !== 'backup' && kind !== 'mirror') return [];
  const fact = timeFact('Last proved', proof?.at, now);
  if (proof === undefined) return [fact];
  const { files, bytes, hashed } = proof;
  return [
    {
      ...fact,
      note: `${sayCount(files, 'file')}, ${sayBytes(bytes)} restored · ${hashed} compared byte by byte`,
    },
  ];
}

/**
 * @param {string} label
 * @param {string | undefined} iso
 * @param {number} now
 */
function timeFact(label, iso, now) {
  if (iso === undefined) return textFact(label, label === 'Next run' ? '' : 'never', '');
  return { label, text: sayAgo(iso, now), note: sayWhen(iso), iso, isTime: true, isText: false };
}

/**
 * @param {string} label
 * @param {string} text
 * @param {string} note
 */
function textFact(label, text, note) {
  return { label, text, note, iso: '', isTime: false, isText: true };
}
