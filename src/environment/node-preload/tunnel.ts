import { connect } from 'node:net';
import type { Socket, TcpSocketConnectOpts } from 'node:net';
import { readConnectError } from './connect-error.ts';
import type { Endpoint, ProxySettings } from './proxy-settings.ts';

export type SocketOptions = Pick<TcpSocketConnectOpts, 'noDelay' | 'keepAlive' | 'keepAliveInitialDelay'>;
type Done = (error: Error | null, socket: Socket) => void;

const largestHead = 16 * 1024;

/**
 * Begins a connection to the destination by way of the proxy. The socket is returned at once, so that it can be given a
 * time limit or be destroyed while CONNECT is on its way; it is fit for use when `done` is called without an error.
 */
export function openTunnel(
  settings: ProxySettings & { readonly socketOptions?: SocketOptions },
  destination: Endpoint,
  done: Done,
): Socket {
  const socket = connect({ ...settings.proxy, ...settings.socketOptions });
  const authority = `${destination.host.includes(':') ? `[${destination.host}]` : destination.host}:${destination.port}`;
  let head = Buffer.alloc(0);

  const finish = (error: Error | null): void => {
    socket.removeListener('readable', onReadable);
    socket.removeListener('error', finish);
    socket.removeListener('close', onClose);
    socket.removeAllListeners('timeout');
    socket.setTimeout(0);
    if (error !== null) {
      // Later errors of a socket that nobody has must not end the program.
      socket.on('error', () => undefined);
      socket.destroy();
    }
    done(error, socket);
  };
  const onClose = (): void => {
    finish(failure(`The proxy closed the connection to ${authority}.`, 'ECONNRESET'));
  };
  const onReadable = (): void => {
    for (let chunk: unknown = socket.read(); chunk !== null; chunk = socket.read()) {
      head = Buffer.concat([head, chunk as Buffer]);
    }
    const end = head.indexOf('\r\n\r\n');
    if (end < 0 && head.length < largestHead) return;
    const status = /^HTTP\/1\.[01] (\d{3})/.exec(head.toString('latin1'))?.[1];
    if (end < 0 || status !== '200') {
      finish(
        readConnectError(head.toString('latin1'), destination) ??
          failure(
            `The proxy answered CONNECT ${authority} with ${status ?? 'no status'}.`,
            'ERR_PROXY_TUNNEL',
          ),
      );
      return;
    }
    if (head.length > end + 4) socket.unshift(head.subarray(end + 4));
    finish(null);
  };

  socket.on('readable', onReadable);
  socket.on('error', finish);
  socket.on('close', onClose);
  socket.write(connectRequest(authority, settings.authorization));
  return socket;
}

function connectRequest(authority: string, authorization: string | undefined): string {
  const credentials = authorization === undefined ? '' : `Proxy-Authorization: ${authorization}\r\n`;
  return `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\nProxaudit-Wants-Reason: 1\r\n${credentials}\r\n`;
}

export function failure(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}
