import assert from 'node:assert/strict';
import test from 'node:test';
import { sourceFiles, type SourceFile } from './repository.ts';

// These take values and give values; the world comes in as an argument. Of Node they may use what only computes.
const PURE = [
  /^state-schema\//,
  /^daemon\/(fault-text|shell-word)\.ts$/,
  /^daemon\/stand-in\.ts$/,
  /^daemon\/reconcile\/(plan|plan-report|flap-limit|settle|explain-seen|share-question)\.ts$/,
  /^daemon\/resources\/(directory|link|volume|share)\.ts$/,
  /^daemon\/files\/(compare|want-tree|sentinel)\.ts$/,
  /^daemon\/samba\/(share-section|global-parameters|samba-version|render-config|config-text|config-of|unsafe-section|parse-dump|compare-dump|marked-block|find-differences|shrinks|guard-script|managed-files)\.ts$/,
  /^daemon\/audit\/(canonical-json|chain|verify-chain|verdict|read-line|first-base|remains|with-pending|compare-branch|exported-files|chain-fault|fact|event-fact|store-facts|started-fact|redact-fact)\.ts$/,
  /^daemon\/guards\/(judge-volume|judge-disk|mountinfo)\.ts$/,
  /^daemon\/policies\/(next-run|shown-slots|wall-clock|due|jitter|carried-out|schedule-row)\.ts$/,
  /^daemon\/clock-trust\/judge-clock\.ts$/,
  /^daemon\/commands\/rclone-(log|mirror|version|lifecycle|features)\.ts$/,
  /^daemon\/mirror\/(mirror-rules|mirror-plan|source-shrunk|brought)\.ts$/,
  /^daemon\/notify\/(address|compose-message|condition-standings|healthchecks-request|http-request|judge-answer|judge-news|message|ntfy-request|target|told|trouble|webhook-request)\.ts$/,
  /^daemon\/status\/(volume-status|summarize|audit-head|meaning|conditions|summary-sentence)\.ts$/,
  /^daemon\/metrics\/(metric|most-series|tally|loop-metrics|host-metrics|policy-metrics|process-metrics|notification-metrics)\.ts$/,
  /^daemon\/http\/(hook-proof|pushed-ref)\.ts$/,
  /^daemon\/systemd\/service-environment\.ts$/,
  /^daemon\/page\/(data-script|markdown|visible-text|status-readme)\.ts$/,
];
const COMPUTES = ['node:crypto', 'node:path', 'node:path/posix', 'node:util', 'node:buffer'];
const ASKS_THE_WORLD =
  /\bprocess\.(env|cwd|argv|pid|platform|getuid)\b|\bnew Date\(\)|\bDate\.now\b|\bMath\.random\b/;

const pure = [...sourceFiles('state-schema'), ...sourceFiles('daemon')].filter(({ path }) =>
  PURE.some((pattern) => pattern.test(path)),
);

test('pure modules use nothing of Node that touches the world', () => {
  const impure = pure.flatMap((file) =>
    nodeImports(file)
      .filter((name) => !COMPUTES.includes(name))
      .map((name) => `${file.path} imports ${name}`),
  );

  assert.deepEqual(impure, []);
});

test('pure modules ask for no time, environment or chance', () => {
  const asking = pure.filter(({ text }) => ASKS_THE_WORLD.test(text)).map(({ path }) => path);

  assert.deepEqual(asking, []);
});

test('pure modules take only types from modules that are not', () => {
  const known = new Set(pure.map(({ path }) => path));
  const words = ['daemon/clock.ts', 'daemon/errors.ts', 'daemon/events.ts'];
  const impure = pure.flatMap((file) =>
    valueImports(file)
      .filter(
        (target) => !known.has(target) && !words.includes(target) && !target.startsWith('state-schema/'),
      )
      .map((target) => `${file.path} imports ${target}`),
  );

  assert.deepEqual(impure, []);
});

function nodeImports({ text }: SourceFile): readonly string[] {
  return [...text.matchAll(/\bfrom '(node:[^']+)'/g)].map((found) => found[1] ?? '');
}

/** What remains of the local imports when the types are gone. */
function valueImports({ path, text }: SourceFile): readonly string[] {
  return [...text.matchAll(/^import (?!type )(?:\{([^}]*)\}|\w+) from '(\.[^']+)'/gm)]
    .filter(([, names = 'default']) => names.split(',').some((name) => !/^\s*(type\s|$)/.test(name)))
    .map(([, , target = '']) => new URL(target, `file:///${path}`).pathname.slice(1));
}
