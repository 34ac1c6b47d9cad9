import { setTimeout as sleep } from 'node:timers/promises';
import { randomBody } from '../random.ts';
import { numberAt } from './route.ts';
import type { RouteRequest, Routes } from './route.ts';

/** /sse/EVENTS/MS: events with a pause after each; each must reach the client before the next is sent. */
async function sendEvents({ args, response }: RouteRequest): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  for (let id = 1; id <= numberAt(args, 0, 3) && !response.destroyed; id += 1) {
    response.write(`id: ${id}\ndata: event ${id}\n\n`);
    await sleep(numberAt(args, 1, 20));
  }
  response.end();
}

/** /slow/MS/BYTES: MS milliseconds until the head, and again until the second half of the body. */
async function sendSlowly({ args, response }: RouteRequest): Promise<void> {
  const body = randomBody(numberAt(args, 1, 1000), 'slow');
  const half = Math.floor(body.length / 2);
  await sleep(numberAt(args, 0, 200));
  response.writeHead(200, { 'content-length': body.length });
  response.write(body.subarray(0, half));
  await sleep(numberAt(args, 0, 200));
  response.end(body.subarray(half));
}

/** /ntlm: a login bound to its connection (the second request of a connection that asked is let in). */
function answerNtlm({ request, response, observed }: RouteRequest, greeted: Set<number>): void {
  const known = greeted.has(observed.connection) && request.headers.authorization !== undefined;
  if (known) return void response.writeHead(200).end(`connection ${observed.connection}\n`);
  greeted.add(observed.connection);
  response.writeHead(401, { 'www-authenticate': 'NTLM', 'content-length': 0 }).end();
}

/** Responses whose time or connection matters. */
export function paceRoutes(): Routes {
  const greeted = new Set<number>();
  return { sse: sendEvents, slow: sendSlowly, ntlm: (served) => answerNtlm(served, greeted) };
}
