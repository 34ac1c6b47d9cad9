import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';

export interface TlsPeer {
  /** Sent as SNI (RFC 6066), where it is there; an address is none. */
  readonly servername: string | undefined;
  /** The name or address that the certificate must be for. */
  readonly name: string;
  readonly alpn: readonly string[];
  readonly secureContext: SecureContext;
  /** Of an earlier connection to the same server, to be resumed. */
  readonly session?: Buffer | undefined;
  /** A certificate that is not accepted is no failure: the caller looks at `authorized`. */
  readonly takesUnverified?: boolean;
}

/** Speaks TLS on a connection that stands; the certificate is verified. */
export function connectTlsOver(stream: Duplex, peer: TlsPeer): Promise<TLSSocket> {
  const { servername, name, alpn, secureContext, session, takesUnverified = false } = peer;
  return new Promise((resolve, reject) => {
    const tlsSocket = connectTls({
      socket: stream,
      secureContext,
      host: name,
      rejectUnauthorized: !takesUnverified,
      ...(servername !== undefined && isIP(servername) === 0 ? { servername } : {}),
      ...(alpn.length === 0 ? {} : { ALPNProtocols: encodeProtocols(alpn) }),
      ...(session === undefined ? {} : { session }),
    });
    const fail = (error: Error): void => {
      const told = isAboutOurCertificate(tlsSocket, error) ? asCertificateFailure(error) : error;
      tlsSocket.destroy();
      reject(told);
    };
    const closed = (): void => {
      fail(
        Object.assign(new Error('the connection was closed during the TLS handshake'), {
          code: 'ECONNRESET',
        }),
      );
    };
    tlsSocket.once('error', fail);
    tlsSocket.once('close', closed);
    tlsSocket.once('secureConnect', () => {
      // An alert may come before the next user listens; the socket remembers it.
      tlsSocket.on('error', () => undefined);
      tlsSocket.off('error', fail);
      tlsSocket.off('close', closed);
      resolve(tlsSocket);
    });
  });
}

/** As they stand in the ClientHello (RFC 7301, 3.1): Node would write those that are no ASCII in UTF-8. */
function encodeProtocols(protocols: readonly string[]): Buffer {
  return Buffer.concat(
    protocols.flatMap((protocol) => [Buffer.from([protocol.length]), Buffer.from(protocol, 'latin1')]),
  );
}

/** Until TLS 1.2 a server that misses our certificate only says that the handshake failed; then its own has come already. */
function isAboutOurCertificate(socket: TLSSocket, error: NodeJS.ErrnoException): boolean {
  if (error.code !== 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE') return false;
  return Object.keys(socket.getPeerCertificate()).length > 0;
}

function asCertificateFailure(cause: Error): Error {
  const error = new Error('the server ended the handshake after it saw no client certificate', { cause });
  return Object.assign(error, { code: 'ERR_CLIENT_CERTIFICATE_REQUIRED' });
}
