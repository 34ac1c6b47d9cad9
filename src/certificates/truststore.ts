import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBounded } from '../support/read-bounded.ts';
import { findJavaStores } from './java.ts';
import { decodeJks, decodePlainPkcs12, encodeJks } from './java-keystore.ts';
import { derOf, splitPem } from './pem.ts';
import { trustFileMode } from './trust-directory.ts';
import type { Variables } from './types.ts';

export interface Truststore {
  readonly path: string;
  readonly password: string;
}

export interface TruststoreContents {
  readonly directory: string;
  readonly env: Variables;
  readonly caPem: string;
  /** Used where the JVM's own roots cannot be read: PEM text. */
  readonly fallback: string;
}

/** The JDK's own default; what the store holds is public. */
const password = 'changeit';
const largestStore = 16_000_000;

/**
 * A JKS with our CA and everything that the user's JVM trusts by now; undefined where there is no Java, so that
 * everybody else pays nothing.
 */
export function writeTruststore(contents: TruststoreContents): Truststore | undefined {
  const stores = findJavaStores(contents.env);
  if (stores === undefined) return undefined;
  const readable = stores.flatMap((store) => readStore(store) ?? []);
  const roots = readable.length > 0 ? readable : splitPem(contents.fallback).map(derOf);
  const distinct = new Map(roots.map((der) => [der.toString('latin1'), der]));
  // From where the same CA is trusted already.
  distinct.delete(derOf(contents.caPem).toString('latin1'));
  const certificates = [
    { alias: 'proxaudit', der: derOf(contents.caPem) },
    ...[...distinct.values()].map((der, index) => ({ alias: `root-${index + 1}`, der })),
  ];
  const path = join(contents.directory, 'truststore.jks');
  writeFileSync(path, encodeJks(certificates, password), { mode: trustFileMode() });
  return { path, password };
}

function readStore(path: string): Buffer[] | undefined {
  try {
    const store = readBounded(path, { maxBytes: largestStore });
    return decodeJks(store) ?? decodePlainPkcs12(store);
  } catch {
    return undefined;
  }
}
