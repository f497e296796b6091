/**
 * The ref that a forge's push event tells of, where the beginning of its body says so plainly; undefined when not, and
 * then it may be any. Every forge has it among the first fields. Within a JSON text a quote stands escaped, so no commit
 * message can look like this. Pure.
 */
export function pushedRef(bodyStart: string): string | undefined {
  return /"ref"\s*:\s*"(refs\/[^"\\]+)"/.exec(bodyStart)?.[1];
}
