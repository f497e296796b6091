import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GraduatePolicy } from '../../state-schema/generated/state-file.ts';
import type { GraduateTask } from './graduate-process.ts';
import { later, picture, type MoverRig } from './mover-rig.ts';

const PROCESS = fileURLToPath(new URL('./graduate-process.js', import.meta.url));

/** Directories of a rig that a policy works on, without the first slash. */
export interface KilledTrees {
  readonly from: string;
  readonly to: string;
}

/**
 * Kills a graduation at one of its steps, checks that the project is whole in one place, lets the next run go on, and
 * checks that it has come to its new place whole. `false`: the run had fewer steps and came to its end.
 */
export async function killAtStep(
  rig: MoverRig,
  about: { readonly policy: GraduatePolicy; readonly trees: KilledTrees },
  killAt: number,
): Promise<boolean> {
  const { policy, trees } = about;
  const [from, to] = [join(rig.root, trees.from), join(rig.root, trees.to)];
  const whole = await freshProject(rig, { from, to, tree: trees.from });
  const task = { root: rig.root, stateDir: rig.stateDir, policy, now: later(40), killAt };

  const isKilled = await graduateApart(task);
  const places = [from, to].flatMap(wholePlaces).filter((path) => picture(path) === whole);
  assert.ok(
    places.length > 0,
    `killed at ${killAt}: ${readdirSync(from).join()} | ${readdirSync(to).join()}`,
  );
  if (isKilled) {
    const run = await rig.runToEnd('graduate');
    assert.equal(run.outcome, 'ok', run.message);
  }

  assert.equal(picture(join(to, 'old')), whole, `killed at ${killAt}`);
  assert.deepEqual(readdirSync(to), ['old']);
  assert.deepEqual(readdirSync(from), policy.leaveLink === true ? ['old'] : []);
  assert.deepEqual(readdirSync(join(rig.stateDir, 'moves')), []);
  return isKilled;
}

/** Runs the graduation in a process of its own; whether it was killed. */
export function graduateApart(task: GraduateTask, timeoutMs = 0): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env['PATH'] ?? '' };
    const options = { env, timeout: timeoutMs, killSignal: 'SIGKILL' as const };
    execFile(process.execPath, [PROCESS, JSON.stringify(task)], options, (error, _stdout, stderr) => {
      if (error === null) resolve(false);
      else if (error.signal === 'SIGKILL') resolve(true);
      else reject(new Error(`it ended with ${error.code}: ${stderr}`));
    });
  });
}

/** Directories that may be the project: of a tree, and of what anchord has of its own in it. */
export function wholePlaces(tree: string): readonly string[] {
  return readdirSync(tree).flatMap((name) => {
    const inside = name.startsWith('.anchord-')
      ? readdirSync(join(tree, name)).map((one) => join(name, one))
      : [];
    return [name, ...inside].map((one) => join(tree, one)).filter((path) => existsSync(path));
  });
}

async function freshProject(rig: MoverRig, place: KilledTrees & { readonly tree: string }): Promise<string> {
  const { from, to, tree } = place;
  for (const path of [from, to]) rmSync(path, { recursive: true, force: true });
  mkdirSync(to);
  await rig.write(`/${tree}/old/deep/file`, 'content');
  await rig.write(`/${tree}/old/other\nfile`, 'x'.repeat(100_000));
  return picture(join(from, 'old'));
}
