/** How an upstream proxy can fail; these stand as `error.code` in the journal. */
export type UpstreamProxyErrorCode =
  /** Its name is unknown, or no connection to it stands. */
  | 'upstream-proxy-unreachable'
  /** TLS to the proxy itself. */
  | 'upstream-proxy-tls-failed'
  /** It wants credentials and there are none. */
  | 'upstream-proxy-auth-required'
  /** It does not take those there are. */
  | 'upstream-proxy-auth-refused'
  /** It wants a way of authentication that is not served. */
  | 'upstream-proxy-auth-unsupported'
  /** It may not or will not connect to the destination. */
  | 'upstream-proxy-denied'
  /** It could not connect to the destination. */
  | 'upstream-proxy-failed'
  | 'upstream-proxy-timeout'
  /** What it says is not what was asked of it. */
  | 'upstream-proxy-protocol-error';

/** A failure on the way through an upstream proxy: the message names the proxy, and what mends it. */
export class UpstreamProxyError extends Error {
  readonly code: UpstreamProxyErrorCode;

  constructor(code: UpstreamProxyErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
