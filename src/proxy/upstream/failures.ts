import type { ExchangeError } from '../../model/exchange.ts';
import { DeniedError } from '../../model/decision.ts';
import { UpstreamProxyError } from './proxies/proxy-error.ts';

/** An upstream certificate that was not accepted: `cause` for the event, `advice` for the user. */
export interface CertificateFailure {
  readonly cause: string;
  readonly advice: string;
}

const certificateCauses: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'certificate-expired',
  CERT_NOT_YET_VALID: 'certificate-not-yet-valid',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate-untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate-untrusted',
  CERT_UNTRUSTED: 'certificate-untrusted',
  CERT_REVOKED: 'certificate-revoked',
  CERT_SIGNATURE_FAILURE: 'certificate-invalid',
  INVALID_CA: 'certificate-invalid',
  INVALID_PURPOSE: 'certificate-invalid',
  PATH_LENGTH_EXCEEDED: 'certificate-invalid',
  CERT_CHAIN_TOO_LONG: 'certificate-invalid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-wrong-host',
};

/** Alerts that a server only sends about a certificate of ours, or the lack of one. */
const clientCertificateCauses: Readonly<Record<string, string>> = {
  ERR_CLIENT_CERTIFICATE_REQUIRED: 'client-certificate-wanted',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'client-certificate-wanted',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'client-certificate-refused',
  ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE: 'client-certificate-refused',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED: 'client-certificate-refused',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'client-certificate-refused',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: 'client-certificate-refused',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'client-certificate-refused',
  ERR_SSL_TLSV1_ALERT_ACCESS_DENIED: 'client-certificate-refused',
};

const codes: Readonly<Record<string, readonly [code: string, message: string]>> = {
  ENOTFOUND: ['dns-failed', 'the name could not be resolved'],
  EAI_AGAIN: ['dns-failed', 'the name could not be resolved for now'],
  ECONNREFUSED: ['connection-refused', 'the connection was refused'],
  ECONNRESET: ['upstream-reset', 'the upstream reset or closed the connection'],
  EPIPE: ['upstream-reset', 'the upstream closed the connection while it was sent to'],
  ETIMEDOUT: ['connect-timeout', 'the connection timed out'],
  EHOSTUNREACH: ['unreachable', 'the host cannot be reached'],
  ENETUNREACH: ['unreachable', 'the network cannot be reached'],
  'loop-detected': ['loop-detected', 'the destination is this proxy itself'],
  HPE_HEADER_OVERFLOW: ['upstream-headers-too-large', 'the response head is larger than proxaudit accepts'],
};

/** What went wrong upstream, in the journal's words. */
export function describeUpstreamFailure(error: unknown): ExchangeError {
  if (error instanceof UpstreamProxyError || error instanceof DeniedError)
    return { code: error.code, message: error.message };
  const code = systemCodeOf(error);
  const certificate = certificateCauses[code];
  if (certificate !== undefined) return { code: `upstream-${certificate}`, message: messageOf(error) };
  const ours = clientCertificateCauses[code];
  if (ours !== undefined) return { code: `upstream-${ours}`, message: messageOf(error) };
  const known = codes[code];
  if (known !== undefined) return { code: known[0], message: known[1] };
  if (code.startsWith('HPE_')) {
    return { code: 'upstream-protocol-error', message: `the response is not valid HTTP/1.1 (${code})` };
  }
  if (code.startsWith('ERR_HTTP2')) return { code: 'upstream-protocol-error', message: messageOf(error) };
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || code === 'EPROTO') {
    return { code: 'upstream-tls-failed', message: messageOf(error) };
  }
  if (code === 'ERR_UPSTREAM_CUT') return { code: 'upstream-closed-early', message: messageOf(error) };
  return { code: 'upstream-failed', message: messageOf(error) };
}

/** The `tls-failed` part of a failure; undefined when TLS was not the reason. */
export function describeCertificateFailure(error: unknown, host: string): CertificateFailure | undefined {
  const code = systemCodeOf(error);
  const ours = clientCertificateCauses[code];
  if (ours !== undefined) {
    const what =
      ours === 'client-certificate-wanted'
        ? 'asks for a client certificate'
        : 'does not accept the client certificate, or the lack of one';
    return {
      cause: ours,
      advice: `${host} ${what}: give one that it accepts with --client-cert ${host}=FILE`,
    };
  }
  const cause = certificateCauses[code];
  if (cause === undefined) {
    if (!code.startsWith('ERR_SSL') && code !== 'EPROTO') return undefined;
    // What OpenSSL says of an answer in the clear, by its version.
    const isPlain = /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/.test(code);
    return {
      cause: 'handshake-failed',
      advice: isPlain
        ? `${host} did not answer in TLS: it may be a server of http:// URLs`
        : `${host} and proxaudit found no common TLS ground: try --passthrough ${host}`,
    };
  }
  if (cause !== 'certificate-untrusted' && cause !== 'certificate-self-signed') {
    return { cause, advice: `the certificate of ${host} is bad: whoever runs it must renew or correct it` };
  }
  return { cause, advice: `if you trust ${host}, give the root of its certificate with --upstream-ca FILE` };
}

/** `ECONNREFUSED` and the like; empty where an error has none. */
export function systemCodeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  if (error instanceof AggregateError && error.errors.length > 0 && code === undefined)
    return systemCodeOf(error.errors[0]);
  return typeof code === 'string' ? code : '';
}

function messageOf(error: unknown): string {
  // OpenSSL's messages are full of addresses and source files around their reason.
  const reason = (error as { reason?: unknown } | null)?.reason;
  const message = error instanceof Error ? error.message : String(error);
  return (typeof reason === 'string' && reason !== '' ? reason : message).slice(0, 500);
}
