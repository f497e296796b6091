import { DirHandle } from '../../daemon/files/dir-handle.ts';
import type { FileWant } from '../../daemon/files/file-wants.ts';
import { observe } from '../../daemon/files/observe.ts';
import { putRight } from '../../daemon/files/put-right.ts';
import { wantTree } from '../../daemon/files/want-tree.ts';

// Started by a test inside a mount namespace: looks, mends, and prints what came of it.
const [, , top = '', text = ''] = process.argv;
const wants = JSON.parse(text) as readonly FileWant[];
const tree = wantTree('/flux', wants);
using volume = DirHandle.openTrusted(top);
const findings = observe(volume, tree);
const results = putRight(volume, tree, new Set(wants.map((want) => want.id)));
process.stdout.write(JSON.stringify({ findings, results }));
