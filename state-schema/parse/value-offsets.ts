import { isMap, isScalar, isSeq, type ParsedNode } from 'yaml';
import { toPointer } from './finding.ts';

/** Where a key and the value behind it begin, as offsets of the text. */
export interface ValueOffsets {
  readonly key: number;
  readonly value: number;
}

/** Walks a document once and says where everything in it stands, by JSON pointer. Only needed when there are faults. */
export function indexOffsets(root: ParsedNode | null): ReadonlyMap<string, ValueOffsets> {
  const offsets = new Map<string, ValueOffsets>();
  const start = root?.range[0] ?? 0;
  offsets.set('', { key: start, value: start });
  if (root !== null) walk(root, '', offsets);
  return offsets;
}

function walk(node: ParsedNode, pointer: string, offsets: Map<string, ValueOffsets>): void {
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      const child = `${pointer}/${index}`;
      offsets.set(child, { key: item.range[0], value: item.range[0] });
      walk(item, child, offsets);
    }
    return;
  }
  if (!isMap(node)) return;
  for (const { key, value } of node.items) {
    if (!isScalar(key)) continue;
    const name = typeof key.value === 'string' ? key.value : (key.source ?? '');
    const child = `${pointer}${toPointer([name])}`;
    // The first of two equal keys is the one whose value stands.
    if (offsets.has(child)) continue;
    const isEmpty = value === null || value.range[0] === value.range[1];
    offsets.set(child, { key: key.range[0], value: isEmpty ? key.range[0] : value.range[0] });
    if (value !== null) walk(value, child, offsets);
  }
}
