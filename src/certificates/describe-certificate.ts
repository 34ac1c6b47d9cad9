import type { X509Certificate } from 'node:crypto';
import { parseConstraints } from './parse-certificate.ts';

export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  /** SHA-256 of its DER form, in hex with colons. */
  readonly fingerprint: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly validity: 'valid' | 'expired' | 'not yet valid';
  readonly key: string;
  /** What it may sign, as basicConstraints and keyUsage say. */
  readonly constraints: string;
}

/** What there is to know about a certificate before one trusts it. Its text is foreign. */
export function describeCertificate(certificate: X509Certificate, now: number): CertificateFacts {
  const { subject, issuer, serialNumber, fingerprint256, validFrom, validTo } = certificate;
  const [from, to] = [Date.parse(validFrom), Date.parse(validTo)];
  return {
    subject: oneLine(subject),
    issuer: subject === issuer ? 'itself' : oneLine(issuer),
    serialNumber,
    fingerprint: fingerprint256,
    validFrom: new Date(from).toISOString(),
    validTo: new Date(to).toISOString(),
    validity: now < from ? 'not yet valid' : now > to ? 'expired' : 'valid',
    key: describeKey(certificate),
    constraints: describeConstraints(certificate),
  };
}

function describeConstraints(certificate: X509Certificate): string {
  const what = certificate.ca ? 'a CA' : 'no CA';
  try {
    const { pathLength, keyUsages } = parseConstraints(certificate);
    const length = pathLength === undefined ? '' : `, path length ${pathLength}`;
    return `${what}${length}${keyUsages === undefined ? '' : `; ${keyUsages.join(', ')}`}`;
  } catch {
    // OpenSSL reads more than DER.
    return `${what}; its extensions are no DER`;
  }
}

/** Node gives one attribute a line. */
function oneLine(name: string): string {
  return name.split('\n').join(', ');
}

function describeKey({ publicKey }: X509Certificate): string {
  const { namedCurve, modulusLength } = publicKey.asymmetricKeyDetails ?? {};
  const kind = publicKey.asymmetricKeyType?.toUpperCase() ?? 'unknown';
  if (namedCurve !== undefined) return `${kind} ${namedCurve}`;
  return modulusLength === undefined ? kind : `${kind} ${modulusLength} bits`;
}
