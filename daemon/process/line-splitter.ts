/** Longer lines lose their rest: no program that anchord reads says more in one, and a hostile name may have gigabytes. Characters. */
export const LINE_LIMIT: number = 64 * 1024;

/** Takes text as it arrives and hands it on line by line. */
export interface LineSplitter {
  take(chunk: string): void;
  /** Hands on what stands after the last line end, if anything does. */
  end(): void;
}

/** Splits text into lines, each at most `LINE_LIMIT` long; the memory it needs does not grow with the text. */
export function lineSplitter(onLine: (line: string) => void): LineSplitter {
  let parts: string[] = [];
  let length = 0;
  function add(part: string): void {
    if (part === '' || length >= LINE_LIMIT) return;
    parts.push(part.slice(0, LINE_LIMIT - length));
    length += part.length;
  }
  function hand(): void {
    const line = parts.join('');
    parts = [];
    length = 0;
    onLine(line);
  }
  return {
    take(chunk) {
      const [first = '', ...others] = chunk.split('\n');
      add(first);
      for (const other of others) {
        hand();
        add(other);
      }
    },
    end() {
      if (length > 0) hand();
    },
  };
}
