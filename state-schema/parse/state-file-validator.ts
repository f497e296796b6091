import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import schema from '../schemas/state-file.schema.json' with { type: 'json' };

/** One fault as ajv reports it. */
export type SchemaError = ErrorObject<string, Record<string, unknown>>;

/** Every schema fault in one state file; none when it is valid. */
export function validateStateFile(value: unknown): readonly SchemaError[] {
  compiled ??= compile();
  return compiled(value) ? [] : ((compiled.errors ?? []) as SchemaError[]);
}

/** The values that `kind` of a policy, `from` of a secret or `type` of a remote may have, in the schema's order. */
export function knownKinds(tag: string): readonly string[] {
  const definitions = Object.values(schema.$defs as Readonly<Record<string, Definition>>);
  return definitions.flatMap(({ properties }) => {
    const constant = properties?.[tag]?.const;
    return constant === undefined ? [] : [constant];
  });
}

interface Definition {
  readonly properties?: Readonly<Record<string, { readonly const?: string }>>;
}

// Compiling takes a while and a process may never need it, so it happens at the first file.
let compiled: ReturnType<typeof compile> | undefined;

function compile(): ReturnType<Ajv2020['compile']> {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    discriminator: true,
    allowUnionTypes: true,
    // A key such as constructor is inherited by every object; only what the file says counts.
    ownProperties: true,
  });
  return ajv.compile(schema);
}
