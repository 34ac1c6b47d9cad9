import { createHostMatcher } from '../hosts.ts';
import type { ClientCertificate, Destination } from '../types.ts';

/** Which certificate of ours a host gets; the first that names it. */
export function createCertificateChoice(
  certificates: readonly ClientCertificate[],
): (destination: Destination) => ClientCertificate | undefined {
  const choices = certificates.map((certificate) => ({
    certificate,
    matches: createHostMatcher([certificate.host]),
  }));
  return ({ host, port }) =>
    choices.find(
      ({ certificate, matches }) =>
        matches(host) && (certificate.port === undefined || certificate.port === port),
    )?.certificate;
}
