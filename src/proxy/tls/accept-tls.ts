import { TLSSocket, type SecureContext } from 'node:tls';
import type { Endpoint } from '../endpoint.ts';

/** Why a client did not go through with its handshake. */
export class ClientTlsError extends Error {
  readonly reason: string;

  constructor(reason: string, cause: Error | undefined) {
    super(`the client broke off TLS: ${reason}`, { cause });
    this.reason = reason;
  }
}

/**
 * Answers a client's TLS handshake, of which nothing has been used up. RFC 7301, 3.2: without a protocol that both sides
 * know there is none in the answer.
 *
 * @param alpn what the upstream has chosen of the client's own list
 * @throws ClientTlsError
 */
export function acceptTls(
  client: Endpoint,
  { context, alpn }: { readonly context: SecureContext; readonly alpn: string | undefined },
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const stream = new TLSSocket(client.stream, {
      isServer: true,
      secureContext: context,
      requestCert: false,
      ...(alpn === undefined ? {} : { ALPNProtocols: [alpn] }),
    });
    stream.on('error', () => undefined);
    const fail = (error: Error | undefined): void => {
      reject(new ClientTlsError(nameReason(error), error));
    };
    // Node's own server listens to it: until the handshake is over no `error` is emitted.
    stream.once('_tlsError', fail);
    const closed = (): void => {
      fail(undefined);
    };
    stream.once('close', closed);
    // Half of a connection is enough for HTTP, and not for a handshake.
    stream.once('end', closed);
    stream.once('secure', () => {
      finishAsServer(stream as ServerSocket);
      stream.off('_tlsError', fail);
      stream.off('close', closed);
      stream.off('end', closed);
      resolve(stream);
    });
  });
}

/** What Node's own server does with a socket of its when the handshake is over: from then on faults are `error` events. */
function finishAsServer(stream: ServerSocket): void {
  stream.secureConnecting = false;
  stream._releaseControl();
}

interface ServerSocket extends TLSSocket {
  secureConnecting: boolean;
  _releaseControl(): boolean;
}

function nameReason(error: (Error & { code?: string }) | undefined): string {
  if (error === undefined || error.code === 'ECONNRESET') return 'reset';
  if (/alert (?:bad )?certificate|alert unknown ca/.test(error.message)) return 'cert-rejected';
  if (error.message.includes('no shared cipher')) return 'no-shared-cipher';
  return 'unknown';
}
