/** One commit of the status branch. */
export interface StatusCommit {
  /** The whole tree: contents by path. What is not in it is not in the commit. */
  readonly files: ReadonlyMap<string, Uint8Array | string>;
  /** Folders that stay as the branch has them, whatever `files` says. */
  readonly kept?: readonly string[];
  readonly subject: string;
  /** Lines `Key: value` at the end of the message. */
  readonly trailers: ReadonlyMap<string, string>;
  readonly time: Date;
}

/** Who commits, where the commit goes, and what it stands on. */
export interface CommitPlace {
  readonly host: string;
  readonly ref: string;
  /** The commit before it; without one it starts a new history. */
  readonly parent?: string;
  /** The trees of the folders to be kept, by path. */
  readonly kept?: ReadonlyMap<string, string>;
}

/**
 * The commit as a stream for git-fast-import(1), which writes all its objects in one process and prints its name.
 * Throws when a path or a trailer cannot be in a commit.
 */
export function commitStream(commit: StatusCommit, place: CommitPlace): Uint8Array {
  const who = `anchord <anchord@${place.host}> ${Math.floor(commit.time.getTime() / 1000)} +0000`;
  const parts: (string | Uint8Array)[] = [
    'feature done\n',
    `commit ${place.ref}\nmark :1\nauthor ${who}\ncommitter ${who}\n`,
    ...data(message(commit)),
    ...(place.parent === undefined ? [] : [`from ${place.parent}\n`]),
    // The tree is what `files` says, whatever the parent holds.
    'deleteall\n',
  ];
  for (const [path, content] of commit.files) {
    parts.push(`M 100644 inline ${quotePath(path)}\n`, ...data(content));
  }
  for (const [path, tree] of place.kept ?? []) parts.push(`M 040000 ${tree} ${quotePath(path)}\n`);
  parts.push('get-mark :1\n', 'done\n');
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}

function message({ subject, trailers }: StatusCommit): string {
  const lines = [...trailers].map(([key, value]) => {
    if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(key))
      throw new Error(`${JSON.stringify(key)} cannot be the key of a trailer`);
    return `${key}: ${oneLine(value)}\n`;
  });
  return `${oneLine(subject)}\n${lines.length > 0 ? '\n' : ''}${lines.join('')}`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').trim();
}

function data(content: Uint8Array | string): readonly (string | Uint8Array)[] {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return [`data ${bytes.length}\n`, bytes, '\n'];
}

function quotePath(path: string): string {
  const isClean = path.split('/').every((part) => part !== '' && !/^\.{1,2}$|^\.git$|\p{Cc}/iu.test(part));
  if (!isClean) throw new Error(`${JSON.stringify(path)} cannot be a path on the status branch`);
  return `"${path.replaceAll(/[\\"]/g, String.raw`\$&`)}"`;
}
