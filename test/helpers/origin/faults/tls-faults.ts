import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { createAuthority, selfSigned } from '../authority.ts';
import type { Authority, Leaf } from '../authority.ts';
import { randomBody } from '../random.ts';
import { readRequestHead } from './request-head.ts';

const year = 365 * 86_400_000;

/** Leaves that a careful client must refuse, by what is wrong with them; `chained` is the sound one beside them. */
function badLeaves(
  authority: Authority,
  directory: string,
  names: readonly string[],
): Record<BadLeaf | 'chained', Leaf> {
  const now = Date.now();
  return {
    expired: authority.issue({ names, notBefore: new Date(now - 2 * year), notAfter: new Date(now - year) }),
    notYetValid: authority.issue({
      names,
      notBefore: new Date(now + year),
      notAfter: new Date(now + 2 * year),
    }),
    wrongHost: authority.issue({ names: ['another-host.test'] }),
    selfSigned: selfSigned(names),
    unknownAuthority: createAuthority(directory, 'unknown-authority').issue({ names }),
    missingIntermediate: authority.intermediate(true).issue({ names }),
    chained: authority.intermediate(false).issue({ names }),
  };
}

type BadLeaf =
  'expired' | 'notYetValid' | 'wrongHost' | 'selfSigned' | 'unknownAuthority' | 'missingIntermediate';
export type TlsFaultName = BadLeaf | 'chained' | 'tlsGarbage' | 'tlsHang' | 'tlsClose' | 'oldTls';

function answerFine(leaf: Leaf, note: (head: string) => void, options: object = {}): Server {
  return createTlsServer({ ...leaf, ...options }, (socket) => {
    readRequestHead(socket, (head) => {
      note(head);
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n');
    });
  }).on('tlsClientError', () => undefined);
}

export interface TlsFaultOptions {
  readonly authority: Authority;
  /** Where the certificate of a second, unknown authority may be written. */
  readonly directory: string;
  readonly names: readonly string[];
}

/** Servers whose TLS handshake should not succeed (but `chained`, which should). `note` is told of every request. */
export function tlsFaultServers(
  { authority, directory, names }: TlsFaultOptions,
  note: (fault: TlsFaultName, head: string) => void,
): Record<TlsFaultName, Server> {
  const leaves = badLeaves(authority, directory, names);
  const served = Object.entries(leaves).map(([name, leaf]) => {
    const fault = name as keyof typeof leaves;
    return [fault, answerFine(leaf, (head) => note(fault, head))] as const;
  });
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
  return {
    ...(Object.fromEntries(served) as Record<keyof typeof leaves, Server>),
    tlsGarbage: createServer(
      (socket) => void socket.once('data', () => socket.end(randomBody(500, 'no handshake'))),
    ),
    tlsHang: createServer((socket) => void socket.resume()),
    tlsClose: createServer((socket) => void socket.once('data', () => socket.end())),
    oldTls: answerFine(authority.issue({ names }), (head) => note('oldTls', head), old),
  };
}
