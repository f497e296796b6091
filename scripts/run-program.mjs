// Runs one program for a script.
import { spawn } from 'node:child_process';

const PATIENCE_MS = 3_000;

/**
 * Runs a program that should be quiet when all goes well: its output is shown only when it fails, and `waiting`
 * is said when it takes long. A Ctrl-C reaches it too, and then ends this process.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd: string, waiting: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
export function runQuietly(program, args, { cwd, waiting, env = process.env }) {
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const patience = setTimeout(() => console.error(waiting), PATIENCE_MS);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => (output += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk) => (output += chunk));

  /** @param {NodeJS.Signals} signal */
  function stop(signal) {
    child.kill(signal);
    child.once('close', () => process.exit(signal === 'SIGINT' ? 130 : 143));
  }
  process.once('SIGINT', stop).once('SIGTERM', stop);

  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ ok: false, output: `${program}: ${error.message}` }));
    child.once('close', (code) => resolve({ ok: code === 0, output }));
  }).finally(() => {
    clearTimeout(patience);
    process.off('SIGINT', stop).off('SIGTERM', stop);
  });
}

/**
 * Runs a program whose output the person at the terminal reads as it comes.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<boolean>} whether it exited with 0
 */
export function runShown(program, args, { cwd, env = process.env }) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env, stdio: 'inherit' });
    child.once('error', (error) => {
      console.error(`${program}: ${error.message}`);
      resolve(false);
    });
    child.once('close', (code) => resolve(code === 0));
  });
}
