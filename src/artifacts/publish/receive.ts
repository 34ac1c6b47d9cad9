import { createHash } from 'node:crypto';
import type { Brought, Dialogue, Identity, Published } from '../recogniser.ts';
import { CollectedBody, type CollectedBodyOptions } from './collected-body.ts';

/** Of a request that holds a package among other things; what is larger is not looked into. */
const MAX_REQUEST = 64 * 1024 * 1024;

/** A package as a request holds it. */
export interface Sent {
  readonly identity: Identity;
  readonly content: Buffer;
}

/** A request that publishes packages, where its registry accepts it. */
export function receive(
  read: (body: Buffer) => readonly Sent[],
  sign?: CollectedBodyOptions['sign'],
): Dialogue {
  const body = new CollectedBody({ limit: MAX_REQUEST, ...(sign === undefined ? {} : { sign }) });
  return {
    request: body.write,
    response: isAccepted,
    conclude: () => read(body.take()).map(bring),
  };
}

/** A request whose body is one file and nothing else. */
export function receiveFile(identity: Identity, published: readonly Published[] = []): Dialogue {
  const hash = createHash('sha256');
  let size = 0;
  return {
    request: (chunk) => {
      hash.update(chunk);
      size += chunk.length;
    },
    response: isAccepted,
    conclude: () => [
      { identity, direction: 'sent', size, digests: { sha256: hash.digest('hex') }, published },
    ],
  };
}

const isAccepted: Dialogue['response'] = (status) =>
  status >= 200 && status < 300 ? () => undefined : undefined;

function bring({ identity, content }: Sent): Brought {
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { identity, direction: 'sent', size: content.length, digests: { sha256 } };
}
