import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import { AuditError } from '../support/errors.ts';
import { sequence } from './der.ts';
import {
  authorityKeyIdentifier,
  basicConstraints,
  keyUsage,
  serverAuthUsage,
  subjectAlternativeName,
  subjectKeyIdentifier,
} from './extensions.ts';
import { parseCertificate } from './parse-certificate.ts';
import { distinguishedName, keyIdentifier, signCertificate, validFor } from './sign-certificate.ts';
import type { CertificateAuthority, Leaf } from './types.ts';

const validDays = 7;
/** Longer names do not fit a common name (X.520), so they stand in the alternative name only. */
const longestCommonName = 64;

/**
 * A server certificate for one DNS name or IP address (with or without brackets), never valid for longer than `ca`.
 * @throws AuditError `bad-input` when `host` can be neither.
 */
export function mintLeaf(ca: CertificateAuthority, host: string): Leaf {
  const issuer = new X509Certificate(ca.certPem);
  const { subject, subjectKeyIdentifier: issuerIdentifier } = parseCertificate(issuer);
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = alternativeName(host);
  const fits = name.text.length <= longestCommonName;
  const extensions = [
    basicConstraints(false),
    keyUsage('leaf'),
    serverAuthUsage(),
    subjectAlternativeName(name, !fits),
    subjectKeyIdentifier(keyIdentifier(publicKey)),
    authorityKeyIdentifier(issuerIdentifier ?? keyIdentifier(issuer.publicKey)),
  ];
  const contents = {
    issuer: subject,
    subject: fits ? distinguishedName(name.text) : sequence(),
    publicKey,
    extensions,
    ...validityWithin(issuer),
  };
  return {
    certPem: signCertificate(contents, createPrivateKey(ca.keyPem)),
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function alternativeName(host: string): { text: string } & ({ dns: string } | { ip: Uint8Array }) {
  const text = host
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase();
  if (ipaddr.isValid(text)) return { text, ip: Uint8Array.from(ipaddr.parse(text).toByteArray()) };
  if (text.length > 253 || !/^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/.test(text)) {
    throw new AuditError('bad-input', 'Expected a DNS name or an IP address to make a certificate for.');
  }
  return { text, dns: text };
}

function validityWithin(issuer: X509Certificate): { notBefore: Date; notAfter: Date } {
  const { notBefore, notAfter } = validFor(validDays);
  return {
    notBefore: new Date(Math.max(notBefore.getTime(), Date.parse(issuer.validFrom))),
    notAfter: new Date(Math.min(notAfter.getTime(), Date.parse(issuer.validTo))),
  };
}
