import assert from 'node:assert/strict';
import test from 'node:test';
import { sourceFiles, type SourceFile } from './repository.ts';

test('every exported name of state-schema/ and daemon/ says what it is for', () => {
  const bare = [...sourceFiles('state-schema'), ...sourceFiles('daemon')].flatMap(exportsWithoutComment);

  assert.deepEqual(bare, []);
});

function exportsWithoutComment({ path, text }: SourceFile): readonly string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    const name = /^export (?:async |abstract )*(?:function\*?|const|class|interface|type) (\w+)/.exec(
      line,
    )?.[1];
    const above = lines[index - 1]?.trim() ?? '';
    // Of an overloaded function the first line carries the comment.
    const isDocumented = above.endsWith('*/') || new RegExp(`^export function ${name}\\b`).test(above);
    return name === undefined || isDocumented ? [] : [`${path}:${index + 1} ${name}`];
  });
}
