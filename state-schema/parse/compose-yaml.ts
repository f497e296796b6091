import { Composer, Lexer, Parser, type Document, type ParsedNode } from 'yaml';

/** How deep values may lie inside each other. */
export const DEPTH_LIMIT = 16;

// Besides the values themselves the parser stacks the document and the scalar at hand.
const STACK_LIMIT = DEPTH_LIMIT + 2;

// Past this many faults a file is no YAML at all, and to tell each would take more memory than the file.
const ERROR_LIMIT = 100;

/** A fault in YAML, at an offset of the text. */
export interface YamlFault {
  readonly offset: number;
  readonly message: string;
}

/** Composes the one YAML 1.2 document of a text. Nothing is resolved that could grow: an alias stays an alias. */
export function composeYaml(text: string): {
  readonly document?: Document.Parsed<ParsedNode>;
  readonly faults: readonly YamlFault[];
} {
  const composer = new Composer<ParsedNode>({
    version: '1.2',
    schema: 'core',
    // Each key is compared with all before it there; readPlain does the same in one step.
    uniqueKeys: false,
    merge: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const tokens = tokenize(text);
  if (!tokens.ok) return { faults: [tokens.fault] };
  const documents: Document.Parsed<ParsedNode>[] = [];
  for (const token of tokens.list) documents.push(...composer.next(token));
  documents.push(...composer.end(true, text.length));
  const [document, second] = documents;
  if (document === undefined) return { faults: [] };
  const faults = document.errors
    // readPlain refuses every tag, known or not.
    .filter((error) => error.code !== 'TAG_RESOLVE_FAILED')
    .map((error) => ({ offset: error.pos[0], message: `this is not YAML: ${error.message}` }));
  if (document.directives.yaml.explicit === true || Object.keys(document.directives.tags).length > 1) {
    faults.push({ offset: 0, message: 'directives such as %YAML and %TAG are not read; leave them out' });
  }
  if (second !== undefined) {
    const offset = second.contents?.range[0] ?? second.range[0];
    faults.push({
      offset,
      message: 'a second document begins here; one file holds one, so make a second file',
    });
  }
  return { document, faults };
}

type Tokens = Parameters<Composer['next']>[0][];

/** The composer recurses, so the depth is checked while the parser, which does not, still builds its stack. */
function tokenize(text: string): { ok: true; list: Tokens } | { ok: false; fault: YamlFault } {
  const parser = new Parser();
  const list: Tokens = [];
  let errors = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      if (token.type === 'error' && ++errors > ERROR_LIMIT)
        return { ok: false, fault: garbage(token.offset) };
      list.push(token);
    }
    if (parser.stack.length > STACK_LIMIT) {
      const message = `values lie more than ${DEPTH_LIMIT} deep inside each other here; no state file needs that`;
      return { ok: false, fault: { offset: parser.offset, message } };
    }
  }
  list.push(...parser.end());
  return { ok: true, list };
}

function garbage(offset: number): YamlFault {
  return {
    offset,
    message: `this is not YAML: more than ${ERROR_LIMIT} faults up to here, so the rest was not read`,
  };
}
