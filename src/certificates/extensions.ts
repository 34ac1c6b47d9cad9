import { bitString, boolean, encode, implicit, objectIdentifier, octetString, sequence } from './der.ts';
import type { DerNode } from './der.ts';

/** Bits of RFC 5280 4.2.1.3, as the single byte they fit in and the number of its unused low bits. */
const keyUsageBits = { leaf: [0x80, 7], ca: [0x86, 1] } as const;

/** RFC 5280 4.1: `critical` is left out where it is false, as DER demands of a default. */
export function extension(oid: string, critical: boolean, value: DerNode): DerNode {
  const flag = critical ? [boolean(true)] : [];
  return sequence(objectIdentifier(oid), ...flag, octetString(encode(value)));
}

export function basicConstraints(isCa: boolean): DerNode {
  return extension('2.5.29.19', true, isCa ? sequence(boolean(true)) : sequence());
}

/** A CA signs certificates, revocation lists and data; a leaf signs its handshakes. */
export function keyUsage(of: 'ca' | 'leaf'): DerNode {
  const [bits, unused] = keyUsageBits[of];
  return extension('2.5.29.15', true, bitString(Uint8Array.of(bits), unused));
}

export function serverAuthUsage(): DerNode {
  return extension('2.5.29.37', false, sequence(objectIdentifier('1.3.6.1.5.5.7.3.1')));
}

export function subjectKeyIdentifier(identifier: Uint8Array): DerNode {
  return extension('2.5.29.14', false, octetString(identifier));
}

export function authorityKeyIdentifier(identifier: Uint8Array): DerNode {
  return extension('2.5.29.35', false, sequence(implicit(0, identifier)));
}

/** Exactly one name. `critical` only where the subject is empty (RFC 5280 4.2.1.6). */
export function subjectAlternativeName(
  name: { readonly dns: string } | { readonly ip: Uint8Array },
  critical: boolean,
): DerNode {
  const general = 'dns' in name ? implicit(2, Buffer.from(name.dns, 'ascii')) : implicit(7, name.ip);
  return extension('2.5.29.17', critical, sequence(general));
}
