import { createSecureServer, type Http2SecureServer } from 'node:http2';
import { createServer as createTlsServer } from 'node:tls';
import { ALLOWED, type DecisionPoint, type DecisionQuestion } from '../../../src/model/decision.ts';
import type { ProxyOptions } from '../../../src/proxy/types.ts';
import type { Authority } from '../origin/authority.ts';
import { startFaults } from '../origin/faults/faults.ts';
import { listenOnLoopback, type Listening } from '../origin/listening.ts';
import { startHttpProxy } from '../upstream-proxies/http-proxy.ts';
import { startSocksProxy } from '../upstream-proxies/socks-proxy.ts';
import { through } from '../upstream-proxies/upstream-options.ts';

/** How a cause of `docs/errors.md` is brought about. */
export interface Scene {
  readonly host: string;
  /** Where the host leads; 0 is the proxy itself. */
  readonly port: number;
  readonly path?: string;
  /** Default: for all but plain requests. */
  readonly secure?: boolean;
  readonly verifies?: boolean;
  readonly raw?: string;
  readonly overrides?: Partial<ProxyOptions>;
  /** The connection before it meets the same. */
  readonly isSecond?: boolean;
  /** The journal fails at this type of event. */
  readonly failsAt?: string;
}

export interface Scenes {
  readonly byCause: Readonly<Record<string, Scene>>;
  close(): Promise<void>;
}

const HOST = 'fault.test';

/** Denies at one stage. */
const denyAt = (stage: DecisionQuestion['stage']): { overrides: { decisions: DecisionPoint } } => ({
  overrides: {
    decisions: {
      decide: (question) =>
        question.stage === stage
          ? { action: 'deny', rule: 'no-faults', reason: 'the test says so' }
          : ALLOWED,
    },
  },
});

export async function startScenes(authority: Authority, directory: string): Promise<Scenes> {
  const faults = await startFaults({ authority, names: [HOST], directory });
  const leaf = authority.issue({ names: [HOST] });
  const open: Listening[] = [];
  const listen = async (server: Parameters<typeof listenOnLoopback>[0]): Promise<number> => {
    const listening = await listenOnLoopback(server);
    open.push(listening);
    return listening.port;
  };
  const wanting = (version: 'TLSv1.2' | 'TLSv1.3') =>
    listen(
      createTlsServer(
        { ...leaf, ca: authority.pem, requestCert: true, minVersion: version, maxVersion: version },
        (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'),
      ),
    );
  const [wants12, wants13] = [await wanting('TLSv1.2'), await wanting('TLSv1.3')];
  const http2 = await listen(createFaultyHttp2(leaf));
  const denying = await startHttpProxy({ answer: 'HTTP/1.1 403 No\r\n\r\n' });
  const demanding = await startSocksProxy({ wants: 'a:b' });
  const at = (port: number, more: Partial<Scene> = {}): Scene => ({ host: HOST, port, ...more });
  const fine = http2;
  const plain = (raw: string): Scene => at(faults.plain.byteByByte, { raw, secure: false });
  const certificates = Object.entries({
    'expired certificate': faults.tls.expired,
    'certificate that is not valid yet': faults.tls.notYetValid,
    'certificate for another name': faults.tls.wrongHost,
    'self-signed certificate': faults.tls.selfSigned,
    'certificate of an unknown authority': faults.tls.unknownAuthority,
    'certificate without its intermediate': faults.tls.missingIntermediate,
  }).flatMap(([name, port]) => [
    [name, at(port)],
    [`${name}, which the client does not verify`, at(port, { verifies: false })],
  ]);
  const byCause: Record<string, Scene> = {
    'unknown name': { host: 'no-such-host.invalid', port: 443 },
    'nobody listens': at(faults.refused),
    'the proxy itself': { host: 'localhost', port: 0 },
    'denied by the policy at `connect`': at(fine, denyAt('connect')),
    'denied by the policy at `dns`': at(fine, denyAt('dns')),
    'denied by the policy at `tls`': at(fine, denyAt('tls')),
    'denied by the policy at `request`': at(fine, denyAt('request')),
    'upstream proxy that nobody serves': at(443, through(`http://127.0.0.1:${faults.refused}`)),
    'upstream proxy that denies': at(443, through(`http://127.0.0.1:${denying.port}`)),
    'upstream proxy that wants credentials': at(443, through(`socks5h://127.0.0.1:${demanding.port}`)),
    'server that does not speak TLS': at(faults.tls.tlsGarbage),
    'server that closes in the handshake': at(faults.tls.tlsClose),
    'server of TLS 1.1 alone': at(faults.tls.oldTls),
    ...(Object.fromEntries(certificates) as Record<string, Scene>),
    'client certificate wanted (TLS 1.2)': at(wants12),
    'client certificate wanted (TLS 1.3)': at(wants13),
    'client certificate wanted, the next connection': at(wants13, { isSecond: true }),
    'reset before a response': at(faults.secure.resetBeforeHead),
    'end before a response': at(faults.secure.closeBeforeHead),
    'response cut by an end': at(faults.secure.shortBody),
    'response cut by a reset': at(faults.secure.resetMidBody),
    'stream reset before a response': at(http2, { path: '/reset' }),
    'stream reset within a response': at(http2, { path: '/cut' }),
    'connection lost before a response': at(http2, { path: '/lost' }),
    'request for the proxy itself': plain('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
    'request that readers take differently': plain(
      `POST http://${HOST}/ HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n`,
    ),
    'head of more than 256 KiB': plain(`GET http://${HOST}/ HTTP/1.1\r\nX: ${'y'.repeat(300_000)}`),
    'CONNECT to no host and port': plain('CONNECT nowhere HTTP/1.1\r\n\r\n'),
    'journal that cannot be written': at(fine, { failsAt: 'exchange-started' }),
  };
  return {
    byCause,
    close: async () => {
      await Promise.all([faults, denying, demanding, ...open].map((listening) => listening.close()));
    },
  };
}

function createFaultyHttp2(leaf: Parameters<typeof createSecureServer>[0]): Http2SecureServer {
  const server = createSecureServer({ ...leaf, allowHTTP1: true });
  server.on('request', (asked, response) => {
    if (asked.url === '/') response.end('fine');
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    const path = headers[':path'];
    if (path === '/') return;
    if (path === '/lost') {
      stream.session?.destroy();
      return;
    }
    if (path === '/cut') {
      stream.respond({ ':status': 200, 'content-length': '100' });
      stream.write('the first part');
    }
    setTimeout(() => {
      stream.end = () => stream;
      stream.close(2);
    }, 50);
  });
  return server;
}
