import type { Duplex } from 'node:stream';
import { checkServerIdentity, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { BoundedMap } from '../../support/bounded-map.ts';
import type { ClientCertificate, Destination } from '../types.ts';
import { createCertificateChoice } from './client-certificates.ts';
import { connectTlsOver } from './connect-tls.ts';

/** What a client wants to speak TLS with. */
export interface SecureTarget {
  readonly destination: Destination;
  /** The name that the client asked for; undefined where it sent no SNI, and then none is sent. */
  readonly servername: string | undefined;
  readonly alpn: readonly string[];
}

export interface Secured {
  readonly stream: TLSSocket;
  /** Why its certificate is not accepted, as an error with OpenSSL's code, and that certificate in DER. */
  readonly unverified?: { readonly error: Error; readonly certificate: Buffer };
}

interface TlsDialler {
  /** For TLS to a host; undefined is any without a certificate of ours. */
  contextFor(place: Destination | undefined): SecureContext;
  secure(stream: Duplex, target: SecureTarget): Promise<Secured>;
}

const MAX_SESSIONS = 1000;

/** TLS with upstreams. Sessions are resumed, as a client that made all these connections by itself would do. */
export function createTlsDialler(options: {
  readonly roots: () => readonly string[];
  readonly clientCertificates: readonly ClientCertificate[];
}): TlsDialler {
  const contextFor = createContexts(options);
  const sessions = new BoundedMap<string, Buffer>(MAX_SESSIONS);
  return {
    contextFor,
    async secure(stream, { destination, servername, alpn }) {
      const key = JSON.stringify([destination.host, destination.port, servername, alpn]);
      const name = servername ?? destination.host;
      const secured = await connectTlsOver(stream, {
        servername,
        name,
        alpn,
        secureContext: contextFor(destination),
        session: sessions.get(key),
        takesUnverified: true,
      });
      if (!secured.authorized) return { stream: secured, unverified: explainUnverified(secured, name) };
      secured.on('session', (session) => {
        sessions.set(key, session);
      });
      return { stream: secured };
    },
  };
}

/** Node keeps the code alone; a wrong name is told again, with the names of the certificate. */
function explainUnverified(stream: TLSSocket, name: string): NonNullable<Secured['unverified']> {
  const certificate = stream.getPeerCertificate();
  const code = String(stream.authorizationError);
  const wrongName =
    code === 'ERR_TLS_CERT_ALTNAME_INVALID' ? checkServerIdentity(name, certificate) : undefined;
  const error =
    wrongName ?? Object.assign(new Error(REASONS[code] ?? `it is not accepted (${code})`), { code });
  return { error, certificate: certificate.raw };
}

/** In OpenSSL's words. */
const REASONS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'certificate has expired',
  CERT_NOT_YET_VALID: 'certificate is not yet valid',
  CERT_REVOKED: 'certificate revoked',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'self-signed certificate in certificate chain',
  UNABLE_TO_GET_ISSUER_CERT: 'unable to get issuer certificate',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unable to get local issuer certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unable to verify the first certificate',
};

/** One context for all hosts, and one for each certificate of ours. */
function createContexts({
  roots,
  clientCertificates,
}: {
  readonly roots: () => readonly string[];
  readonly clientCertificates: readonly ClientCertificate[];
}): TlsDialler['contextFor'] {
  const choose = createCertificateChoice(clientCertificates);
  const contexts = new Map<ClientCertificate | undefined, SecureContext>();
  let ca: string[] | undefined;
  return (place) => {
    const own = place === undefined ? undefined : choose(place);
    const known = contexts.get(own);
    if (known !== undefined) return known;
    ca ??= [...roots()];
    const context = createSecureContext({ ca, ...(own && { cert: own.certPem, key: own.keyPem }) });
    contexts.set(own, context);
    return context;
  };
}
