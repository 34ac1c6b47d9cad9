export { loadCa } from './load-ca.ts';
export { mintLeaf } from './mint-leaf.ts';
export { loadMkcertCa } from './mkcert.ts';
export { createRunCa } from './run-ca.ts';
export { createTrustDirectory, removeTrustDirectory, sweepTrustDirectories } from './trust-directory.ts';
export type { CertificateAuthority } from './types.ts';
export { readUpstreamRoots } from './upstream-roots.ts';
export { writeTrust } from './write-trust.ts';
export type { TrustFiles } from './write-trust.ts';
