import { randomBody } from '../random.ts';
import { numberAt } from './route.ts';
import type { RouteRequest, Routes } from './route.ts';

/** /redirect/N: N redirections in a row, then a random body. */
function redirect({ args, response }: RouteRequest): void {
  const left = numberAt(args, 0, 1);
  const location = left > 1 ? `/redirect/${left - 1}` : '/random/100/redirected';
  response.writeHead(302, { location, 'content-length': 0 }).end();
}

/** /status/N: that status, with a body where the status may have one. */
function sendStatus({ args, response }: RouteRequest): void {
  const status = numberAt(args, 0, 200);
  const bodiless = status === 204 || status === 205 || status === 304;
  response.writeHead(status, bodiless ? {} : { 'content-type': 'text/plain' });
  response.end(bodiless ? undefined : `status ${status}\n`);
}

/** /early-hints: two 103 heads before the response. */
function sendEarlyHints({ response }: RouteRequest): void {
  response.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' });
  response.writeEarlyHints({ link: '</script.js>; rel=preload; as=script' });
  response.writeHead(200, { 'content-type': 'text/plain' }).end(randomBody(500, 'hints').toString('hex'));
}

/** /headers: what arrived, in order and case. */
function reportHeaders({ response, observed }: RouteRequest): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(observed.headers));
}

/** /duplicate-headers: repeated fields and mixed case, on the wire just so in HTTP/1.1. */
function sendDuplicates({ response }: RouteRequest): void {
  response.setHeader('X-TwIcE', ['first', 'second']);
  response.setHeader('Vary', ['Accept', 'Accept-Language']);
  response.setHeader('WWW-Authenticate', ['Basic realm="one"', 'Bearer realm="two"']);
  response.setHeader('X-Empty', '');
  response.writeHead(200).end('duplicates\n');
}

/** /trailers/BYTES/SEED: a chunked body and two trailer fields. */
function sendTrailers({ args, response }: RouteRequest): void {
  response.writeHead(200, { 'content-type': 'application/octet-stream', trailer: 'X-Checksum, X-Late' });
  response.write(randomBody(numberAt(args, 0, 1000), args[1] ?? 'seed'));
  response.addTrailers({ 'X-Checksum': 'abc123', 'X-Late': 'yes' });
  response.end();
}

/** Status lines, header fields and trailers. */
export const headRoutes: Routes = {
  redirect,
  status: sendStatus,
  'early-hints': sendEarlyHints,
  headers: reportHeaders,
  'duplicate-headers': sendDuplicates,
  'set-cookies': ({ response }) => {
    response.setHeader('set-cookie', ['one=1; Path=/', 'two=2; HttpOnly', 'three=3; Secure']);
    response.writeHead(200).end('cookies\n');
  },
  trailers: sendTrailers,
};
