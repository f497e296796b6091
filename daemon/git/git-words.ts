import type { RunResult } from '../process/run.ts';

const WORDS_LIMIT = 300;

/** Lines that say what went wrong, of all that git, the remote and ssh print. */
const TELLING =
  /^(remote|error|fatal|ssh|!):?|: not found$|Permission denied|Load key |^(kex_exchange|Connection|Timeout|Bad owner)/i;
/** git's advice after every failure of ssh, whatever the reason. */
const EMPTY_WORDS = /^fatal: Could not read from remote repository\.$/;

/** What git said, in one line, without credentials and control characters. */
export function gitWords(result: RunResult): string {
  if (result.end === 'timed-out') return 'git did not end in time and was stopped';
  const lines = result.stderr
    .split('\n')
    .map(plainLine)
    .filter((line) => line !== '');
  const telling = lines.filter((line) => TELLING.test(line));
  const better = telling.filter((line) => !EMPTY_WORDS.test(line));
  const words = [better, telling, lines].find((some) => some.length > 0)?.join('; ');
  if (words === undefined)
    return `git said nothing and ended with ${result.code ?? result.signal ?? result.end}`;
  return words.length > WORDS_LIMIT ? `${words.slice(0, WORDS_LIMIT)}…` : words;
}

function plainLine(line: string): string {
  return line
    .replaceAll(/\p{Cc}/gu, ' ')
    .replaceAll(/(\w:\/\/)[^/\s@]*@/g, '$1')
    .trim();
}
