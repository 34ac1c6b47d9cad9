import { createSecureContext, type SecureContext } from 'node:tls';
import { BoundedMap } from '../../support/bounded-map.ts';
import type { Pem } from '../types.ts';

const MAX_CONTEXTS = 500;

/** What clients are shown: a leaf for each name or address, made when it is first asked for. */
export function createLeafContexts(mintLeaf: (host: string) => Pem): (host: string) => SecureContext {
  const contexts = new BoundedMap<string, SecureContext>(MAX_CONTEXTS);
  return (host) => {
    const known = contexts.get(host);
    if (known !== undefined) return known;
    const context = createContext(mintLeaf(host));
    contexts.set(host, context);
    return context;
  };
}

export function createContext({ certPem, keyPem }: Pem): SecureContext {
  return createSecureContext({ cert: certPem, key: keyPem });
}
