/** The parts of node-forge that read PKCS#12, without the rest of it. https://github.com/digitalbazaar/forge#pkcs12 */
declare module 'node-forge/lib/pkcs12.js' {
  import type { Asn1 } from 'node-forge/lib/asn1.js';

  /** What node-forge does not know (EC) stands in `asn1` alone. */
  export interface Bag {
    readonly type: string;
    readonly key?: object | null | undefined;
    readonly cert?: object | null | undefined;
    readonly asn1?: Asn1 | undefined;
  }

  const pkcs12: {
    pkcs12FromAsn1(asn1: Asn1, password: string): { safeContents: { safeBags: Bag[] }[] };
  };
  export { pkcs12 as default };
}

declare module 'node-forge/lib/x509.js' {
  import type { Asn1 } from 'node-forge/lib/asn1.js';

  const pki: {
    readonly oids: Readonly<Record<'certBag' | 'keyBag' | 'pkcs8ShroudedKeyBag', string>>;
    certificateToAsn1(certificate: object): Asn1;
    privateKeyToPem(key: object): string;
  };
  export { pki as default };
}
