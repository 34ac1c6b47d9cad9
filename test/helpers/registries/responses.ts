import type { Served } from '../origin/serve.ts';
import { sha256 } from '../origin/random.ts';

/** One resource of a registry. */
export interface Resource {
  readonly type: string;
  readonly body: Buffer | string;
}

export const binary = (body: Buffer): Resource => ({ type: 'application/octet-stream', body });
export const text = (body: string): Resource => ({ type: 'text/plain', body });
export const json = (value: unknown): Resource => ({ type: 'application/json', body: JSON.stringify(value) });

/** Sends it with length and validator; 404 where there is none. HEAD and If-None-Match are honoured. */
export function sendResource({ request, response }: Served, resource: Resource | undefined): void {
  request.resume();
  if (!resource) return void response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n');
  const body = Buffer.from(resource.body);
  const etag = `"${sha256(body).slice(0, 32)}"`;
  if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end();
  response.writeHead(200, { 'content-type': resource.type, 'content-length': body.length, etag }).end(body);
}
