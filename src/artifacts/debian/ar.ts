// https://manpages.debian.org/deb.5
import { trimEndOf } from '../../support/trim-end.ts';

const MAGIC = '!<arch>\n';
const HEADER_BYTES = 60;

export interface ArMember {
  readonly name: string;
  /** As much of it as there is. */
  readonly content: Buffer;
}

/** The members of an `ar` archive, of which the end may be missing; none for what is no such archive. */
export function readAr(bytes: Buffer): ArMember[] {
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return [];
  const members: ArMember[] = [];
  for (let at = MAGIC.length; at + HEADER_BYTES <= bytes.length;) {
    const header = bytes.toString('latin1', at, at + HEADER_BYTES);
    const [, name = '', digits = ''] = /^(.{16}).{32}(\d{1,10}) *`\n$/s.exec(header) ?? [];
    if (digits === '') return members;
    const start = at + HEADER_BYTES;
    const size = Number(digits);
    members.push({
      name: trimEndOf(name, ' ').replace(/\/$/, ''),
      content: bytes.subarray(start, start + size),
    });
    at = start + size + (size % 2);
  }
  return members;
}
