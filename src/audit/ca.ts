import { createCa, type NewCa } from '../certificates/create-ca.ts';
import { describeCertificate, type CertificateFacts } from '../certificates/describe-certificate.ts';
import { encodeJks } from '../certificates/java-keystore.ts';
import { loadCa, type CaFiles } from '../certificates/load-ca.ts';
import { readCertificate } from '../certificates/read-certificate.ts';
import { storeCa } from '../certificates/store-ca.ts';

export const CA_FORMATS = ['pem', 'der', 'p12', 'jks'] as const;
export type CaFormat = (typeof CA_FORMATS)[number];

/** Makes a CA in a directory. Throws `AuditError` where it would overwrite one, or others could read its key. */
export function makeCa(directory: string, ca: NewCa): CaFiles {
  return storeCa(directory, () => createCa(ca));
}

/** What a certificate file says. Throws `AuditError`. */
export function describeCa(file: string): CertificateFacts {
  return describeCertificate(readCertificate(file), Date.now());
}

export interface CaExport {
  readonly format: CaFormat;
  readonly certFile: string;
  /** Goes with it into a PKCS#12. */
  readonly keyFile?: string | undefined;
  /** Of a PKCS#12 or a JKS. */
  readonly password: string;
}

/** A CA's certificate in another form. Throws `AuditError`. */
export async function exportCa({ format, certFile, keyFile, password }: CaExport): Promise<Buffer> {
  const { certPem, keyPem } =
    keyFile === undefined
      ? { certPem: readCertificate(certFile).toString(), keyPem: undefined }
      : loadCa({ certFile, keyFile });
  if (format === 'pem') return Buffer.from(certPem);
  const { raw } = readCertificate(certFile);
  if (format === 'der') return raw;
  if (format === 'jks') return encodeJks([{ alias: 'proxaudit', der: raw }], password);
  const { encodePkcs12 } = await import('../certificates/pkcs12.ts');
  return encodePkcs12({ certPem, keyPem, name: 'proxaudit' }, password);
}
