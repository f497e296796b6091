import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { escapeControls, quote } from '../quote.ts';
import { toPointer } from './finding.ts';

/** A fault in what YAML allows and a state file does not. */
export interface PlainFault {
  readonly code: 'yaml' | 'duplicate';
  readonly offset: number;
  readonly pointer: string;
  readonly message: string;
  /** Offset of the first of two equal keys. */
  readonly first?: number;
}

/**
 * Turns a composed document into plain values: objects without a prototype, arrays, strings, numbers, booleans and
 * null. Aliases, anchors, tags, keys that are no text and keys given twice are faults; the first of two equal keys
 * stands.
 */
export function readPlain(root: ParsedNode | null): {
  readonly value: unknown;
  readonly faults: readonly PlainFault[];
} {
  const faults: PlainFault[] = [];
  return { value: readNode(root, { path: [], faults }), faults };
}

interface Reading {
  /** Shared and changed on the way down and up, because a new array for each of 40,000 values costs. */
  readonly path: (string | number)[];
  readonly faults: PlainFault[];
}

function readNode(node: ParsedNode | null, reading: Reading): unknown {
  if (node === null) return null;
  if (isAlias(node)) {
    refuse(
      reading,
      node.range[0],
      `the alias *${escapeControls(node.source)} is not read; write the value out`,
    );
    return null;
  }
  if (node.anchor !== undefined) {
    refuse(
      reading,
      node.range[0],
      `the anchor &${escapeControls(node.anchor)} serves nothing, as aliases are not read; leave it out`,
    );
  }
  if (node.tag !== undefined) {
    refuse(
      reading,
      node.range[0],
      `the tag ${quote(node.tag)} is not read; leave it out, and write text in quotes`,
    );
  }
  if (isMap(node)) return readMap(node, reading);
  if (isSeq(node)) return readList(node, reading);
  return node.value;
}

function readMap(map: YAMLMap.Parsed, reading: Reading): unknown {
  // Without a prototype, a key such as __proto__ or constructor is only ever a key.
  const value = Object.create(null) as Record<string, unknown>;
  const seen = new Map<string, number>();
  for (const { key, value: child } of map.items) {
    const name = readKey(key, reading);
    if (name === undefined) continue;
    const offset = key?.range[0] ?? map.range[0];
    const first = seen.get(name);
    reading.path.push(name);
    if (first === undefined) {
      seen.set(name, offset);
      value[name] = readNode(child, reading);
    } else {
      const message = `${quote(name)} stands twice in one mapping; keep one of them`;
      reading.faults.push({ code: 'duplicate', offset, pointer: toPointer(reading.path), message, first });
    }
    reading.path.pop();
  }
  return value;
}

function readKey(key: ParsedNode | null, reading: Reading): string | undefined {
  if (isScalar(key) && key.anchor === undefined && key.tag === undefined) {
    const text = keyText(key);
    if (text !== '') return text;
  }
  refuse(
    reading,
    key?.range[0] ?? 0,
    'a key must be plain text that is not empty, without anchor, alias or tag',
  );
  return undefined;
}

/** A key that YAML reads as a number or a boolean is meant as it is written. */
function keyText(key: Scalar): string {
  return typeof key.value === 'string' ? key.value : (key.source ?? '');
}

function readList(list: YAMLSeq.Parsed, reading: Reading): unknown {
  return list.items.map((item, index) => {
    reading.path.push(index);
    // `[a: 1]` is a list of one mapping; the parser wraps it, so every item is a node.
    const value = readNode(item, reading);
    reading.path.pop();
    return value;
  });
}

function refuse(reading: Reading, offset: number, message: string): void {
  reading.faults.push({ code: 'yaml', offset, pointer: toPointer(reading.path), message });
}
