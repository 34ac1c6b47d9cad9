import { toWellFormed } from '../../src/support/well-formed.ts';

/** All but what RFC 3986 lets stand in a URI reference: what follows a percent sign must be two hex digits. */
const FOREIGN = /[^\w\-.~:/?#[\]@!$&'()*+,;=%]|%(?![0-9A-Fa-f]{2})/gu;

/** A URL as schemas demand it: what may not stand in one is percent-encoded. */
export function toUriReference(url: string): string {
  const encoded = url.replace(FOREIGN, (character) => encodeURIComponent(toWellFormed(character)));
  // Brackets and a second hash may stand in few places; those of an IPv6 host are one.
  const [, origin = '', rest = encoded] = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)(.*)$/is.exec(encoded) ?? [];
  const hash = rest.indexOf('#') + 1 || rest.length;
  return (
    origin +
    rest.slice(0, hash).replace(/[[\]]/g, encodeURIComponent) +
    rest.slice(hash).replace(/[[\]#]/g, encodeURIComponent)
  );
}
