import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Swaps directories for links to another place and back, renames, makes and removes, as fast as a shell can. */
const SCRIPT = `cd "$1" || exit 1
n=0
while :; do
  n=$((n + 1))
  d="d$((n % 7))"
  mkdir -p "$d/a/b/c" 2>/dev/null; echo x > "$d/a/b/c/file" 2>/dev/null
  mv "$d/a" "$d/away" 2>/dev/null && ln -s "$2" "$d/a" 2>/dev/null
  mv "$d" "moved$n" 2>/dev/null && ln -s "$2" "$d" 2>/dev/null
  rm -f "$d" 2>/dev/null; mv "moved$n" "$d" 2>/dev/null
  rm -f "$d/a" 2>/dev/null; mv "$d/away" "$d/a" 2>/dev/null
  for own in .anchord-*; do mv "$own" "taken$n" 2>/dev/null; done
  chmod 0 "$d/a/b" 2>/dev/null
done`;

/** An ordinary user who races with root in a tree, until it is disposed of. */
export class RacingUser implements AsyncDisposable {
  readonly #child: ChildProcess;

  /** `tree`: where; `target`: where the planted links lead. Needs root, to be somebody else. */
  constructor(place: { readonly tree: string; readonly target: string }) {
    const user = ['--reuid=65534', '--regid=65534', '--clear-groups', '--'];
    const command = ['sh', '-c', SCRIPT, 'sh', place.tree, place.target];
    this.#child = spawn('setpriv', [...user, ...command], { stdio: 'ignore' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}
