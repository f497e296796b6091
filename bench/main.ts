#!/usr/bin/env node
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Bench, Measurement } from './bench.ts';
import { graduateBench } from './graduate.ts';
import { guardBench } from './guard.ts';
import { idleBench } from './idle.ts';
import { mirrorBench } from './mirror.ts';
import { parseBench } from './parse.ts';
import { passBench } from './pass.ts';
import { pollBench } from './poll.ts';
import { pushBench } from './push.ts';
import { statusMonthBench } from './status-month.ts';
import { shareBench } from './share.ts';
import { webhookBench } from './webhook.ts';

const BENCHES: readonly Bench[] = [
  graduateBench,
  guardBench,
  idleBench,
  mirrorBench,
  parseBench,
  passBench,
  pollBench,
  pushBench,
  shareBench,
  statusMonthBench,
  webhookBench,
];

const USAGE = 'usage: npm run bench -- [--json FILE] [NAME…]';

process.exitCode = await main(process.argv.slice(2));

/** Runs the named benches, or all, and returns the exit status: a missed goal is not an error. */
async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals: names } = parseArgs({
    args: [...argv],
    options: { json: { type: 'string' } },
    allowPositionals: true,
  });
  const unknown = names.filter((name) => BENCHES.every((bench) => bench.name !== name));
  if (unknown.length > 0) {
    console.error(
      `no bench is called ${unknown.join(', ')}; there are: ${BENCHES.map(({ name }) => name).join(', ')}`,
    );
    console.error(USAGE);
    return 2;
  }

  const rows: Row[] = [];
  for (const bench of BENCHES) {
    if (names.length > 0 && !names.includes(bench.name)) continue;
    console.log(`\n${bench.name}: ${bench.goal}`);
    const measured = (await bench.run()).map((measurement) => rowOf(bench, measurement));
    for (const row of measured) console.log(lineOf(row));
    rows.push(...measured);
  }
  const missed = rows.filter(({ ok }) => !ok);
  console.log(`\n${rows.length} figures, ${missed.length} over their goal`);
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(rows, null, 2)}\n`);
  return 0;
}

interface Row extends Omit<Measurement, 'what'> {
  readonly name: string;
  readonly goal: string;
}

function rowOf({ name, goal }: Bench, { what, ...figures }: Measurement): Row {
  return { name: what === undefined ? name : `${name}: ${what}`, goal, ...figures };
}

function lineOf({ name, value, unit, baseline, baselineValue, ratio, ok }: Row): string {
  const figure = `${rounded(value)} ${unit}`.padStart(12);
  const against = `${rounded(ratio)} × ${baseline} (${rounded(baselineValue)} ${unit})`;
  return `  ${ok ? 'met ' : 'OVER'} ${figure}   ${against}   ${name}`;
}

function rounded(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}
