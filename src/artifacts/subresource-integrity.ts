import type { HashAlgorithm } from '../model/observer.ts';

const lengths = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 } as const;

/** The digests of a Subresource Integrity value, as hex; what is malformed or unknown is left out. */
export function readIntegrity(
  text: string,
): { readonly algorithm: HashAlgorithm | 'sha256'; readonly value: string }[] {
  return text
    .trim()
    .split(/\s+/)
    .flatMap((entry) => {
      const [, algorithm, base64] =
        /^(sha1|sha256|sha384|sha512)-([A-Za-z0-9+/]+={0,2})(?:\?.*)?$/.exec(entry) ?? [];
      if (algorithm === undefined || base64 === undefined) return [];
      const bytes = Buffer.from(base64, 'base64');
      const known = algorithm as keyof typeof lengths;
      return bytes.length === lengths[known] ? [{ algorithm: known, value: bytes.toString('hex') }] : [];
    });
}
