import codec from 'node-forge/lib/asn1.js';
import type { Asn1 } from 'node-forge/lib/asn1.js';

export type DerNode = Asn1;

const { Class, Type } = codec;

function primitive(type: number, bytes: string): DerNode {
  return codec.create(Class.UNIVERSAL, type, false, bytes);
}

function toBytes(buffer: Uint8Array): string {
  return Buffer.from(buffer).toString('latin1');
}

export function sequence(...items: DerNode[]): DerNode {
  return codec.create(Class.UNIVERSAL, Type.SEQUENCE, true, items);
}

export function set(...items: DerNode[]): DerNode {
  return codec.create(Class.UNIVERSAL, Type.SET, true, items);
}

export function objectIdentifier(dotted: string): DerNode {
  return primitive(Type.OID, codec.oidToDer(dotted).getBytes());
}

/** `magnitude` is big-endian, two's complement, in the shortest form. */
export function integer(magnitude: Uint8Array): DerNode {
  return primitive(Type.INTEGER, toBytes(magnitude));
}

export function boolean(value: boolean): DerNode {
  return primitive(Type.BOOLEAN, value ? '\xff' : '\x00');
}

export function nullValue(): DerNode {
  return primitive(Type.NULL, '');
}

export function utf8String(text: string): DerNode {
  return primitive(Type.UTF8, toBytes(Buffer.from(text, 'utf8')));
}

/** The codec makes UTF-16 of it. */
export function bmpString(text: string): DerNode {
  return primitive(Type.BMPSTRING, text);
}

export function octetString(bytes: Uint8Array): DerNode {
  return primitive(Type.OCTETSTRING, toBytes(bytes));
}

/** `unusedBits`: how many of the last byte's low bits do not count. */
export function bitString(bytes: Uint8Array, unusedBits = 0): DerNode {
  return primitive(Type.BITSTRING, String.fromCharCode(unusedBits) + toBytes(bytes));
}

/** RFC 5280 4.1.2.5: UTCTime until 2049, GeneralizedTime from 2050. */
export function time(date: Date): DerNode {
  return date.getUTCFullYear() < 2050
    ? primitive(Type.UTCTIME, codec.dateToUtcTime(date))
    : primitive(Type.GENERALIZEDTIME, codec.dateToGeneralizedTime(date));
}

/** `[tag] EXPLICIT` around nodes. */
export function explicit(tag: number, ...items: DerNode[]): DerNode {
  return codec.create(Class.CONTEXT_SPECIFIC, tag, true, items);
}

/** `[tag] IMPLICIT` over a primitive's content bytes. */
export function implicit(tag: number, bytes: Uint8Array): DerNode {
  return codec.create(Class.CONTEXT_SPECIFIC, tag, false, toBytes(bytes));
}

export function encode(node: DerNode): Buffer {
  return Buffer.from(codec.toDer(node).getBytes(), 'latin1');
}

/** Throws on anything that is not DER. Bit strings stay undecoded, so that `encode` gives the same bytes again. */
export function decode(der: Uint8Array): DerNode {
  return codec.fromDer(toBytes(der), { strict: true, parseAllBytes: true, decodeBitStrings: false });
}

/** The nodes inside a constructed node. */
export function childrenOf(node: DerNode | undefined): DerNode[] {
  return Array.isArray(node?.value) ? node.value : [];
}

/** The content bytes of a primitive node. */
export function contentOf(node: DerNode | undefined): Buffer {
  return typeof node?.value === 'string' ? Buffer.from(node.value, 'latin1') : Buffer.alloc(0);
}

/** The dotted form of an object identifier node, or '' for any other node. */
export function oidOf(node: DerNode | undefined): string {
  return node?.type === Type.OID ? codec.derToOid(contentOf(node).toString('latin1')) : '';
}

export function isExplicit(node: DerNode, tag: number): boolean {
  return node.tagClass === Class.CONTEXT_SPECIFIC && node.type === tag;
}
