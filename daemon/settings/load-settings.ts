import { open } from 'node:fs/promises';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { isMap, isNode, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import type { HostSettingsFile } from '../../state-schema/generated/host-settings.ts';
import schema from '../../state-schema/schemas/host-settings.schema.json' with { type: 'json' };
import { Stalled } from '../errors.ts';
import { parseDurationSeconds } from '../../state-schema/units.ts';
import { azureFaults, type AzureFault } from './azure-faults.ts';
import { credentialFaults, type CredentialFault } from './credential-faults.ts';
import { completeSettings, parseListen, unsupportedSettings, type HostSettings } from './host-settings.ts';
import { refuseWritableByOthers } from './refuse-writable.ts';
import { settingsFault } from './settings-fault.ts';

/** Reads the host settings. Throws `Stalled` with every fault and its place. */
export async function loadSettings(file: string): Promise<HostSettings> {
  const parsed = parseSettings(await read(file), file);
  if (parsed.kind === 'bad') {
    throw new Stalled({ reason: 'RevisionInvalid', message: parsed.faults.join('\n'), next: `edit ${file}` });
  }
  return parsed.settings;
}

/** Checks and completes the text of host settings. Pure; `file` only names it in messages. */
export function parseSettings(
  text: string,
  file: string,
):
  | { readonly kind: 'good'; readonly settings: HostSettings }
  | { readonly kind: 'bad'; readonly faults: readonly string[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: '1.2', schema: 'core', merge: false });
  const syntax = syntaxFaults(document, lines);
  if (syntax.length > 0) return { kind: 'bad', faults: syntax.map((fault) => `${file}:${fault}`) };
  const value: unknown = document.toJS();
  const validate = new Ajv2020({ allErrors: true, strict: true, verbose: true }).compile<HostSettingsFile>(
    schema,
  );
  if (!validate(value)) {
    const errors = validate.errors ?? [];
    return {
      kind: 'bad',
      faults: errors.map(
        (error) => `${file}:${placeOfError(error, document, lines)}: ${settingsFault(error)}`,
      ),
    };
  }
  const faults = [
    ...valueFaults(value).map(
      ({ path, message }) => `${file}:${placeOfPath(path, document, lines)}: ${path.join('.')} ${message}`,
    ),
    ...unsupportedSettings(value).map((sentence) => `${file}: ${sentence}`),
  ];
  if (faults.length > 0) return { kind: 'bad', faults };
  return { kind: 'good', settings: completeSettings(value) };
}

/** Faults of the YAML itself, each with its place. */
function syntaxFaults(document: Document, lines: LineCounter): readonly string[] {
  // A warning is a tag that means nothing here: somebody expected it to.
  const faults = [...document.errors, ...document.warnings].map(
    (error) => `${placeOf(error.pos[0], lines)}: ${error.message.split('\n')[0] ?? ''}`,
  );
  visit(document, {
    Alias(_, { source, range }) {
      faults.push(`${placeOf(range?.[0] ?? 0, lines)}: *${source}: aliases are not taken here; write it out`);
    },
  });
  return faults;
}

interface ValueFault {
  readonly path: readonly string[];
  readonly message: string;
}

/** Values that have the right form and cannot be meant. */
function valueFaults(file: HostSettingsFile): readonly ValueFault[] {
  const faults: ValueFault[] = [];
  if (file.listen !== undefined && parseListen(file.listen).port > 65_535)
    faults.push({ path: ['listen'], message: 'has a port above 65535' });
  if (file.repository.verify === 'signed' && file.repository.allowedSigners === undefined)
    faults.push({
      path: ['repository', 'verify'],
      message:
        'is signed, and nothing says who may sign; name a file of this host with repository.allowedSigners',
    });
  // Whoever names signers believes that others are kept out.
  if (file.repository.verify === undefined && file.repository.allowedSigners !== undefined)
    faults.push({
      path: ['repository', 'allowedSigners'],
      message:
        'names who may sign, and nothing asks for signatures; add repository.verify: signed (or none, to let everybody in)',
    });
  try {
    parseDurationSeconds(file.repository.interval ?? '60s');
  } catch {
    faults.push({ path: ['repository', 'interval'], message: 'is longer than anybody waits' });
  }
  return [...faults, ...remoteFaults(file), ...azureFaults(file.secrets?.azure).map(inAzure)];
}

function inAzure({ key, message }: AzureFault): ValueFault {
  return { path: ['secrets', 'azure', key], message };
}

/** Credentials that do not go with the kind of their remote. */
function remoteFaults({ repository, status }: HostSettingsFile): readonly ValueFault[] {
  const own = place('repository', credentialFaults(repository.url, repository.credentials));
  const isElsewhere = status?.url !== undefined;
  if (!isElsewhere && status?.credentials === undefined) return own;
  const url = status?.url ?? repository.url;
  return [...own, ...place('status', credentialFaults(url, status?.credentials))];
}

function place(section: string, faults: readonly CredentialFault[]): readonly ValueFault[] {
  return faults.map(({ key, message }) => ({
    path: key === undefined ? [section, 'url'] : [section, 'credentials', key],
    message,
  }));
}

async function read(file: string): Promise<string> {
  try {
    await using handle = await open(file);
    // Whoever can write this file is root through it: it names users, commands and where secrets come from.
    refuseWritableByOthers(file, await handle.stat(), 'everything anchord does');
    return await handle.readFile('utf8');
  } catch (error) {
    if (error instanceof Stalled) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new Stalled(
      {
        reason: 'InternalError',
        message:
          code === 'ENOENT'
            ? `the host settings ${file} do not exist`
            : `the host settings ${file} cannot be read (${code})`,
        next:
          code === 'ENOENT'
            ? 'write them (docs/operating.md shows how), name others with --config FILE, or try the demo: anchord demo'
            : code === 'EACCES'
              ? 'ask as the user that anchord runs as, for example with sudo'
              : `look at ${file}`,
      },
      { cause: error },
    );
  }
}

function placeOfError(error: ErrorObject, document: Document, lines: LineCounter): string {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const { additionalProperty } = error.params as { additionalProperty?: string };
  return additionalProperty === undefined
    ? placeOfPath(path, document, lines)
    : placeOfKey([...path, additionalProperty], document, lines);
}

function placeOfPath(path: readonly string[], document: Document, lines: LineCounter): string {
  const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  return placeOf((isNode(node) ? node.range?.[0] : undefined) ?? 0, lines);
}

function placeOfKey(path: readonly string[], document: Document, lines: LineCounter): string {
  const above = path.slice(0, -1);
  const map: unknown = above.length === 0 ? document.contents : document.getIn(above, true);
  const keys = isMap(map) ? map.items.map((pair) => pair.key) : [];
  const key = keys.find((one) => isScalar(one) && String(one.value) === path.at(-1));
  return isScalar(key) ? placeOf(key.range?.[0] ?? 0, lines) : placeOfPath(above, document, lines);
}

function placeOf(offset: number, lines: LineCounter): string {
  const { line, col } = lines.linePos(offset);
  return `${line}:${col}`;
}
