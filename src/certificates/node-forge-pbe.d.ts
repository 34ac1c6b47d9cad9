/** node-forge's key derivation of PKCS#12 alone. https://github.com/digitalbazaar/forge#pkcs12 */
declare module 'node-forge/lib/pbe.js' {
  import type { ByteBuffer } from 'node-forge/lib/util.js';
  import type { Digest } from 'node-forge/lib/sha256.js';

  const pbe: {
    /** RFC 7292, appendix B.2; `id` 3 is for a MAC. */
    generatePkcs12Key(
      password: string,
      salt: ByteBuffer,
      ...parameters: [id: number, iterations: number, length: number, digest: Digest]
    ): ByteBuffer;
  };
  export { pbe as default };
}

declare module 'node-forge/lib/sha256.js' {
  export interface Digest {
    digest(): unknown;
  }
  const sha256: { create(): Digest };
  export { sha256 as default };
}

declare module 'node-forge/lib/util.js' {
  export interface ByteBuffer {
    getBytes(): string;
  }
  const util: { createBuffer(bytes: string): ByteBuffer };
  export { util as default };
}
