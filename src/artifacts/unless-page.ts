import { closeSync, openSync, readSync } from 'node:fs';
import type { Found, Opening, Refinement } from './recogniser.ts';

const HEAD_BYTES = 512;

/** For what must be an archive: registries, portals and log-ins answer with pages in its place. */
export const unlessPage: Opening = {
  keep: 'head',
  limit: HEAD_BYTES,
  read: ({ bytes }) => (isPage(bytes) ? 'a-page' : undefined),
};

/** HTML, XML, JSON, or nothing: no archive begins like these, but a tar whose first file is called so. */
export function isPage(head: Buffer): boolean {
  if (head.length === 0) return true;
  return (
    /^(?:\xef\xbb\xbf)?\s*[<{]/.test(head.toString('latin1', 0, 64)) &&
    head.toString('latin1', 257, 262) !== 'ustar'
  );
}

export function isPageFile(path: string): boolean {
  const fd = openSync(path, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    return isPage(head.subarray(0, readSync(fd, head, 0, HEAD_BYTES, 0)));
  } finally {
    closeSync(fd);
  }
}

/** An answer with an error is an artifact only where its bytes are those of one, for such clients as take it all the same. */
export function provenByBytes(found: Found): Found {
  const open = found.open ?? unlessPage;
  const withoutPage = (refinement: Refinement | undefined): Refinement | undefined =>
    refinement === 'a-page' ? 'not-an-artifact' : refinement;
  const read: Opening['read'] = (body) => {
    const refinement = open.read(body);
    return refinement instanceof Promise ? refinement.then(withoutPage) : withoutPage(refinement);
  };
  return { ...found, open: { ...open, read } };
}
