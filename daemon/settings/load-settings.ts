import { readFile, stat } from 'node:fs/promises';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import type { HostSettingsFile } from '../../state-schema/generated/host-settings.ts';
import schema from '../../state-schema/schemas/host-settings.schema.json' with { type: 'json' };
import { Stalled } from '../errors.ts';
import { completeSettings, unsupportedSettings, type HostSettings } from './host-settings.ts';

/** Reads the host settings. Throws `Stalled` with every fault and its place. */
export async function loadSettings(file: string): Promise<HostSettings> {
  await refuseWritableByOthers(file);
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
  if (document.errors.length > 0) {
    return {
      kind: 'bad',
      faults: document.errors.map(
        (error) => `${file}:${placeOf(error.pos[0], lines)}: ${error.message.split('\n')[0] ?? ''}`,
      ),
    };
  }
  const value: unknown = document.toJS({ maxAliasCount: 0 });
  const validate = new Ajv2020({ allErrors: true, strict: true }).compile<HostSettingsFile>(schema);
  if (!validate(value)) {
    const errors = validate.errors ?? [];
    return {
      kind: 'bad',
      faults: errors.map((error) => `${file}:${placeOfError(error, document, lines)}: ${wordsOf(error)}`),
    };
  }
  const unsupported = unsupportedSettings(value);
  if (unsupported.length > 0)
    return { kind: 'bad', faults: unsupported.map((sentence) => `${file}: ${sentence}`) };
  return { kind: 'good', settings: completeSettings(value) };
}

/** Whoever can write this file is root through it: it names users, commands and where secrets come from. */
async function refuseWritableByOthers(file: string): Promise<void> {
  const stats = await stat(file).catch(() => undefined);
  if (stats === undefined || (stats.mode & 0o022) === 0) return;
  throw new Stalled({
    reason: 'NotPermitted',
    message: `${file} can be written by others (mode ${(stats.mode & 0o777).toString(8)}), and whoever writes it decides everything anchord does`,
    next: `chmod go-w ${file}`,
  });
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new Stalled(
      {
        reason: 'InternalError',
        message: `the host settings ${file} cannot be read (${code})`,
        next:
          code === 'ENOENT'
            ? 'name them with --config FILE, or try the demo: anchord demo'
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
  const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  return placeOf((isNode(node) ? node.range?.[0] : undefined) ?? 0, lines);
}

function placeOf(offset: number, lines: LineCounter): string {
  const { line, col } = lines.linePos(offset);
  return `${line}:${col}`;
}

function wordsOf(error: ErrorObject): string {
  const where = error.instancePath === '' ? 'the settings' : error.instancePath.slice(1).replaceAll('/', '.');
  const { additionalProperty, allowedValues } = error.params as {
    additionalProperty?: string;
    allowedValues?: unknown[];
  };
  if (additionalProperty !== undefined) return `${where}: unknown key ${JSON.stringify(additionalProperty)}`;
  if (allowedValues !== undefined) return `${where}: must be one of ${allowedValues.join(', ')}`;
  return `${where} ${error.message ?? 'is not valid'}`;
}
