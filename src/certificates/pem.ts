/** The bundle of all public roots has a quarter of a megabyte. */
export const MAX_PEM_BYTES = 16_000_000;

const block =
  /-----BEGIN (?:X509 )?CERTIFICATE-----([A-Za-z0-9+/=\s]{64,131072})-----END (?:X509 )?CERTIFICATE-----/g;

/**
 * The certificates of a PEM text, each in the same canonical form (64 columns, a final newline), so that equal
 * certificates are equal strings. Text around them, damaged blocks and OpenSSL's TRUSTED CERTIFICATE are left out.
 */
export function splitPem(text: string): string[] {
  const ders = [...text.matchAll(block)].map((match) => Buffer.from(match[1] ?? '', 'base64'));
  return ders.filter(isOneDerSequence).map(toPem);
}

export function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

export function derOf(pem: string): Buffer {
  return Buffer.from(pem.slice(pem.indexOf('\n'), pem.lastIndexOf('\n-----END')), 'base64');
}

/** Cheap proof that nothing is missing: the outer length counts exactly the bytes that are there. */
function isOneDerSequence(der: Buffer): boolean {
  if (der[0] !== 0x30 || der.length < 4) return false;
  if (der[1] === 0x81) return der.readUInt8(2) + 3 === der.length;
  return der[1] === 0x82 && der.readUInt16BE(2) + 4 === der.length;
}
