#!/usr/bin/env node
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { program } from './cli/program.ts';
import type { CliIo } from './cli/cli-io.ts';

/** The real terminal. */
function terminal(): CliIo {
  const isTerminal = process.stdout.isTTY;
  return {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    env: process.env,
    isTerminal,
    columns: isTerminal ? process.stdout.columns : 80,
    colour: isTerminal && (process.env['NO_COLOR'] ?? '') === '',
    exit: (code) => (process.exitCode = code),
  };
}

/** Whether this file is what was started, directly or through the link that npm makes for `bin`. */
function isEntryPoint(): boolean {
  const started = process.argv[1];
  return started !== undefined && realpathSync(started) === fileURLToPath(import.meta.url);
}

if (isEntryPoint()) {
  // A reader that went away (`anchord status | head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  await program(terminal()).parseAsync(process.argv);
}
