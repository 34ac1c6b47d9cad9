import { isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';

export interface TlsPeer {
  /** The name or address that the certificate must be for. */
  readonly name: string;
  readonly alpn: readonly string[];
  readonly secureContext: SecureContext;
}

/** Speaks TLS on a connection that stands; the certificate is verified. */
export function connectTlsOver(socket: Socket, { name, alpn, secureContext }: TlsPeer): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const tlsSocket = connectTls({
      socket,
      secureContext,
      host: name,
      // An address is no server name (RFC 6066): it is verified against the IP entries of the certificate.
      ...(isIP(name) === 0 ? { servername: name } : {}),
      ALPNProtocols: [...alpn],
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

/** Until TLS 1.2 a server that misses our certificate only says that the handshake failed; then its own has come already. */
function isAboutOurCertificate(socket: TLSSocket, error: NodeJS.ErrnoException): boolean {
  if (error.code !== 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE') return false;
  return Object.keys(socket.getPeerCertificate()).length > 0;
}

function asCertificateFailure(cause: Error): Error {
  const error = new Error('the server ended the handshake after it saw no client certificate', { cause });
  return Object.assign(error, { code: 'ERR_CLIENT_CERTIFICATE_REQUIRED' });
}
