import { execFileSync } from 'node:child_process';
import { systemClock } from '../../daemon/clock.ts';
import { StateRepo } from '../../daemon/git/state-repo.ts';
import { SourceVerifier, type Verification } from '../../daemon/git/verify-source.ts';
import { SigningKeys, type SignAs } from '../rig/signing-keys.ts';
import { StateClone } from '../rig/state-clone.ts';
import { GitRig } from './git-rig.ts';

const PATH = process.env['PATH'] ?? '';

/** A state repo, somebody's clone of it, and keys. */
export class SignedWorld implements AsyncDisposable {
  readonly keys: SigningKeys = new SigningKeys();
  readonly #rig: GitRig;
  readonly clone: StateClone;
  readonly #url: string;

  private constructor(rig: GitRig, url: string) {
    this.#rig = rig;
    this.#url = url;
    this.clone = StateClone.clone(url, rig.path('clone'));
  }

  static async make(): Promise<SignedWorld> {
    const rig = await GitRig.make();
    const url = await rig.init('upstream.git');
    return new SignedWorld(rig, url);
  }

  async verify(ask: {
    readonly files: readonly string[];
    readonly revision: string;
    readonly trusted?: string;
  }): Promise<Verification> {
    const { files, ...request } = ask;
    const repo = await this.repo(ask.revision);
    return (await openVerifier(this.keys, files)).verify(repo, request);
  }

  /** The daemon's view of it, after this revision was pushed and fetched. */
  async repo(revision: string): Promise<StateRepo> {
    this.clone.git('push', '--quiet', '--force', 'origin', `${revision}:refs/heads/main`);
    const repo = await StateRepo.open({
      home: this.#rig.path('home'),
      dir: this.#rig.path('mirror.git'),
      path: PATH,
      url: this.#url,
      branch: 'main',
    });
    await repo.fetch();
    return repo;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.keys[Symbol.dispose]();
    await this.#rig[Symbol.asyncDispose]();
  }
}

/** A verifier that trusts these files. */
export function openVerifier(
  keys: SigningKeys,
  files: readonly string[],
  path: string = PATH,
): Promise<SourceVerifier> {
  return SourceVerifier.open({ files, dir: `${keys.dir}/private`, path, clock: systemClock, emit() {} });
}

/** An empty commit, signed; `at`: the time it claims. */
export function sign(clone: StateClone, as: SignAs, at?: string): string {
  const time = at === undefined ? [] : ['--date', at];
  const message = 'signed by somebody';
  if (at === undefined) {
    clone.git(...as, 'commit', '--quiet', '--allow-empty', '--gpg-sign', ...time, '-m', message);
    return clone.git('rev-parse', 'HEAD').trim();
  }
  execFileSync('git', [...as, 'commit', '--quiet', '--allow-empty', '--gpg-sign', ...time, '-m', message], {
    cwd: clone.dir,
    env: {
      PATH,
      HOME: '/nonexistent',
      GIT_COMMITTER_DATE: at,
      GIT_AUTHOR_NAME: 'Anna',
      GIT_AUTHOR_EMAIL: 'anna@example.org',
      GIT_COMMITTER_NAME: 'Anna',
      GIT_COMMITTER_EMAIL: 'anna@example.org',
    },
  });
  return clone.git('rev-parse', 'HEAD').trim();
}

/** Writes a commit as these very bytes. */
export function store(clone: StateClone, text: string): string {
  const input = execFileSync('git', ['-C', clone.dir, 'hash-object', '-t', 'commit', '-w', '--stdin'], {
    input: text,
  });
  return input.toString().trim();
}

/** Why it was refused, or that it was good. */
export function reasonOf(found: Verification): string {
  return found.kind === 'refused' ? found.fault.reason : found.kind;
}
