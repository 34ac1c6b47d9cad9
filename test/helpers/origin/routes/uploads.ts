import { setTimeout as sleep } from 'node:timers/promises';
import { numberAt } from './route.ts';
import type { RouteRequest, Routes } from './route.ts';

/** Reads the whole body and answers with what arrived. */
async function echoFacts({ request, response, observed, body }: RouteRequest): Promise<void> {
  request.resume();
  const { size, sha256 } = await body;
  const { method, path, httpVersion, requestTrailers: trailers } = observed;
  const facts = JSON.stringify({ method, path, httpVersion, size, sha256, trailers });
  response.writeHead(200, { 'content-type': 'application/json' }).end(`${facts}\n`);
}

/** /mirror: sends the request body back while it still arrives. */
function mirror({ request, response }: RouteRequest): void {
  response.writeHead(200, { 'content-type': 'application/octet-stream' });
  request.pipe(response);
}

/** /expect/accept and /expect/slow/MS answer 100 Continue; /expect/refuse answers 417 and never reads. */
async function answerExpect(served: RouteRequest): Promise<void> {
  const { args, response, continueAsked } = served;
  if (args[0] === 'refuse') {
    response.writeHead(417, { connection: 'close', 'content-type': 'text/plain' }).end('no\n');
    return;
  }
  if (args[0] === 'slow') await sleep(numberAt(args, 1, 200));
  if (continueAsked) response.writeContinue();
  await echoFacts(served);
}

/** Requests with bodies. */
export const uploadRoutes: Routes = {
  echo: echoFacts,
  upload: echoFacts,
  mirror,
  expect: answerExpect,
  /** /unread-upload: answers at once and leaves the body on the wire. */
  'unread-upload': ({ response }) => void response.writeHead(413, { connection: 'close' }).end('too much\n'),
  /** /slow-upload/MS: starts to read after MS milliseconds; back-pressure reaches the client. */
  'slow-upload': async (served) => {
    await sleep(numberAt(served.args, 0, 500));
    await echoFacts(served);
  },
};
