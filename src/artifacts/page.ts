import { closeSync, openSync, readSync } from 'node:fs';

/** What is looked at of a body. */
export const HEAD_BYTES = 512;

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
