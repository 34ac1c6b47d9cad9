import { BoundedMap } from '../../support/bounded-map.ts';
import type { ClientConnection } from '../connection.ts';
import type { Forwarder } from '../forward/forwarder.ts';
import { poolKeyOf } from './agent.ts';
import type { Dial, Dialled, Target } from './dial.ts';

/** Upstreams of which it is known what they speak; what is forgotten is asked again. */
const MAX_KNOWN = 1000;

interface AgreementParts {
  readonly dial: Dial;
  readonly forwarder: () => Promise<Forwarder>;
}

/**
 * Finds out what an upstream speaks before the client's handshake is answered, so that the client sees HTTP/2 exactly
 * where it would without us. The connection dialled for that serves the first request. An upstream that cannot be
 * dialled gives undefined: the request itself will then be answered with the reason.
 */
export function createProtocolAgreement(
  parts: AgreementParts,
): (connection: ClientConnection, offered: readonly string[]) => Promise<string | undefined> {
  const known = new BoundedMap<string, Promise<string | undefined>>(MAX_KNOWN);
  return (connection, offered) => {
    const { tunnel, sni } = connection;
    if (tunnel === undefined || !offered.includes('h2')) return Promise.resolve(undefined);
    const target: Target = { destination: tunnel, tls: { servername: sni, alpn: ['h2', 'http/1.1'] } };
    const key = poolKeyOf(target, undefined);
    const present = known.get(key);
    if (present !== undefined) return present;
    const asked = ask(parts, target, key);
    known.set(key, asked);
    void asked.then((protocol) => {
      if (protocol === undefined) known.delete(key);
    });
    return asked;
  };
}

async function ask(
  { dial, forwarder }: AgreementParts,
  target: Target,
  key: string,
): Promise<string | undefined> {
  let dialled: Dialled;
  try {
    dialled = await dial(target);
  } catch {
    return undefined;
  }
  const { agent, sessions } = await forwarder();
  if (dialled.alpn === 'h2') {
    sessions.adopt(key, dialled);
    return 'h2';
  }
  agent.adopt(key, dialled);
  return 'http/1.1';
}
