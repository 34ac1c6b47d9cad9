import type { Socket } from 'node:net';
import { getExtensionData, readTlsClientHello } from 'read-tls-client-hello';
import { normalizeHost } from './authority.ts';

export interface ClientHello {
  readonly sni: string | undefined;
  readonly alpn: readonly string[];
}

const HELLO_TIMEOUT_MS = 30_000;
const SERVER_NAME = /^[a-z0-9._-]{1,255}$/;

/**
 * Reads a ClientHello and puts its bytes back. A hello that cannot be parsed gives no names: the TLS engine then says
 * what is wrong with it. Undefined when the client went away or took too long.
 */
export async function peekClientHello(socket: Socket): Promise<ClientHello | undefined> {
  const timer = setTimeout(() => socket.destroy(), HELLO_TIMEOUT_MS);
  try {
    const hello = await readTlsClientHello(socket);
    const sni = getExtensionData(hello, 'sni')?.serverName;
    const alpn = getExtensionData(hello, 'alpn')?.protocols;
    const name = typeof sni === 'string' ? normalizeHost(sni) : undefined;
    return {
      sni: name !== undefined && SERVER_NAME.test(name) ? name : undefined,
      alpn: Array.isArray(alpn) ? alpn.filter((protocol) => typeof protocol === 'string') : [],
    };
  } catch {
    return socket.destroyed ? undefined : { sni: undefined, alpn: [] };
  } finally {
    clearTimeout(timer);
  }
}
