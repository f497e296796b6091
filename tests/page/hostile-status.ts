import type { History } from '../../state-schema/generated/history.ts';
import type { Status } from '../../state-schema/generated/status.ts';
import { sampleHistory } from './sample-history.ts';
import { calmStatus } from './sample-status.ts';

type HostileName = 'html' | 'script' | 'expression' | 'turned' | 'broken' | 'markdown' | 'long';

/** Strings that would run, hide, turn or break something if a page let them. */
export const HOSTILE: Readonly<Record<HostileName, string>> = {
  html: '<img src=x onerror="document.title=\'owned\'">',
  script: '</script><script>document.title="owned"</script>',
  expression: '{{constructor.constructor("alert(1)")()}}',
  turned: 'photos\u202Egpj.exe',
  broken: 'two\nlines\u2028and\u0007bell',
  markdown:
    '[click](javascript:alert(1)) | `x` **b** www.example.com @everyone :smile: _e_ https://example.com <b>',
  long: 'very-long-name-'.repeat(30),
};

/** A host whose every name was chosen by somebody who means harm. */
export function hostileStatus(now: Date): Status {
  const calm = calmStatus(now);
  const names = Object.values(HOSTILE);
  return {
    ...calm,
    host: HOSTILE.html,
    summary: {
      level: 'failed',
      sentence: HOSTILE.script,
      reason: HOSTILE.broken,
      next: `anchord ${HOSTILE.html}`,
    },
    source: {
      ...calm.source,
      url: HOSTILE.markdown,
      branch: HOSTILE.turned,
      log: calm.source.log.map((entry, index) => ({
        ...entry,
        subject: names[index] ?? '',
        author: HOSTILE.turned,
      })),
    },
    problems: names.map((name, index) => ({
      file: `hosts/${name}.yaml`,
      line: index + 1,
      column: 1,
      message: name,
    })),
    conditions: calm.conditions.map((item) => ({ ...item, status: 'Unknown', message: HOSTILE.html })),
    resources: {
      counts: { failed: names.length },
      items: names.map((name) => ({
        id: `directory:/flux/${name}`,
        kind: 'directory',
        state: 'failed',
        message: name,
        since: calm.generatedAt,
      })),
      omitted: 0,
    },
    volumes: names.map((name) => ({
      name,
      mount: `/${name}`,
      guard: 'failed',
      reason: 'NotMounted',
      message: name,
      disk: name,
    })),
    policies: names.map((name) => ({
      name,
      kind: 'backup',
      state: 'failed',
      reason: 'ProgramFailed',
      message: name,
      schedule: '0 5 * * *',
      timezone: 'Not/AZone',
      source: name,
      target: name,
      keep: name,
    })),
    notCarriedOut: names,
  };
}

/** The runs of that host, and a policy whose name would be a prototype. */
export function hostileHistory(now: Date): History {
  const calm = sampleHistory(now);
  const runs = calm.policies['flux-backup'] ?? [];
  const named = runs.map((run) => ({ ...run, message: HOSTILE.html, policy: HOSTILE.script }));
  const policies = Object.fromEntries([...Object.values(HOSTILE), '__proto__'].map((name) => [name, named]));
  return { ...calm, policies, passes: calm.passes.map((pass) => ({ ...pass, message: HOSTILE.html })) };
}
