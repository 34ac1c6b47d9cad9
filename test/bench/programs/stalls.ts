// Audits one hostile body, fetched by curl, and prints how this process fared: a `Stalls` in JSON.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type * as library from '../../../src/library/index.ts';
import { hostileBodies } from '../../helpers/hostile/bodies.ts';
import { forgetPeak, peakMb, residentMb } from '../process-memory.ts';
import { programArguments } from '../serve-until-stdin-closes.ts';

export interface StallsOf {
  /** Folder of the built product. */
  readonly dist: string;
  readonly directory: string;
  readonly originPort: number;
  readonly body: string;
}

export interface Stalls {
  /** The longest time for which the event loop did nothing else, in milliseconds. */
  readonly longestMs: number;
  /** By which resident memory grew at the most. */
  readonly grownMb: number;
  /** What stopping took after the body had come. */
  readonly endMs: number;
  readonly artifacts: number;
  readonly notExamined: readonly string[];
}

/** Longer than what is held back before it is looked at. */
const SETTLE_MS = 700;

const { dist, directory, originPort, body: name } = programArguments<StallsOf>();
const { start } = (await import(pathToFileURL(join(dist, 'index.js')).href)) as typeof library;
const hostile = hostileBodies.find((one) => one.name === name);
if (hostile === undefined) throw new Error(`no body is called ${name}`);

const proxy = await start({
  output: join(directory, 'stalls.jsonl'),
  includeLocal: true,
  lockfiles: 'none',
  logBody: hostile.logBody ?? 0,
});
const request = join(directory, 'request');
if (hostile.request !== undefined) writeFileSync(request, hostile.request.body());

async function ask(path: string, options: readonly string[] = []): Promise<void> {
  const url = `http://127.0.0.1:${originPort}${path}`;
  const curl = spawn('curl', ['-sS', '-o', '/dev/null', '-x', proxy.url, ...options, url], {
    stdio: 'inherit',
  });
  const [code] = (await once(curl, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`curl ended with ${code}`);
}

await ask('/warm-up');
await sleep(SETTLE_MS);
const before = residentMb(process.pid);
forgetPeak(process.pid);
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const { method, contentType } = hostile.request ?? {};
await ask(
  hostile.path,
  method === undefined
    ? []
    : ['-X', method, '-H', `Content-Type: ${contentType}`, '-H', 'Expect:', '--data-binary', `@${request}`],
);
await sleep(SETTLE_MS);
const stopping = performance.now();
const run = await proxy.stop();
const endMs = performance.now() - stopping;
delay.disable();
const stalls: Stalls = {
  longestMs: delay.max / 1e6,
  grownMb: peakMb(process.pid) - before,
  endMs,
  artifacts: run.artifacts.length,
  notExamined: run.blindSpots.map(({ kind, subject, advice }) => `${kind} ${subject}: ${advice}`),
};
rmSync(join(directory, 'stalls.jsonl'));
process.stdout.write(`${JSON.stringify(stalls)}\n`);
process.exit(0);
