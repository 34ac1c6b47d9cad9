import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import type * as Tls from 'node:tls';

type Options = Tls.SecureContextOptions & { readonly checkServerIdentity?: unknown };

/**
 * Adds the audit CA to the roots of clients that name their own (`ca`): Node takes those instead of all others, so that
 * NODE_EXTRA_CA_CERTS does not reach them. It waits for the first connection, because most processes make none.
 */
export function trustAuditCa(caFile: string): void {
  const prototype = Socket.prototype as { connect: (this: Socket, ...args: unknown[]) => Socket };
  const { connect } = prototype;
  let isPatched = false;
  prototype.connect = function (...args) {
    if (!isPatched) {
      isPatched = true;
      patchContexts(caFile);
    }
    return connect.apply(this, args);
  };
}

/** Servers say by `ca` whose clients they take, and are left alone: only `tls.connect` passes on `checkServerIdentity`. */
function patchContexts(caFile: string): void {
  const tls = createRequire(__filename)('tls') as { createSecureContext: typeof Tls.createSecureContext };
  const { createSecureContext } = tls;
  let auditCa: string | undefined;
  tls.createSecureContext = function (options?: Options) {
    if (!options?.ca || !('checkServerIdentity' in options)) return createSecureContext(options);
    try {
      auditCa ??= readFileSync(caFile, 'utf8');
    } catch {
      // A daemon that outlived the run: the file is gone, and so is the proxy.
      return createSecureContext(options);
    }
    return createSecureContext({ ...options, ca: [auditCa, ...[options.ca].flat()] });
  };
}
