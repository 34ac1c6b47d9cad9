/** A certificate and its private key. The key is PKCS#8 and stays in memory. */
export interface CertificateAuthority {
  readonly certPem: string;
  readonly keyPem: string;
}

/** The same shape, for the certificate of one host. */
export type Leaf = CertificateAuthority;

export type Variables = Readonly<Record<string, string | undefined>>;
