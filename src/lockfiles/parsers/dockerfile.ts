// https://docs.docker.com/reference/dockerfile/#from
import type { LockedEntry } from '../../model/artifact.ts';
import type { LockfileParser } from '../parser.ts';

/** Dockerfiles whose images are pinned by digest. */
export const dockerfile: LockfileParser = {
  id: 'dockerfile',
  ecosystem: 'oci',
  matches: (fileName) => /^(?:Dockerfile|Containerfile)(?:\..+)?$|\.Dockerfile$/.test(fileName),
  accepts: (text) => /@sha256:[0-9a-f]{64}\b/.test(text),
  parse: (text) =>
    text.split('\n').flatMap((row, index): LockedEntry[] =>
      imagesIn(row).flatMap((image): LockedEntry[] => {
        const [reference = '', digest = ''] = image.split('@', 2);
        const name = reference
          .split('/')
          .at(-1)
          ?.replace(/:[\w.-]+$/, '');
        const value = /^sha256:([0-9a-f]{64})\b/i.exec(digest)?.[1];
        if (name === undefined || name === '' || value === undefined) return [];
        const expected = [{ algorithm: 'sha256' as const, value }];
        return [{ name: name.toLowerCase(), version: `sha256:${value}`, expected, line: index + 1 }];
      }),
    ),
};

/** What follows `FROM` and its flags, and what a `--from=` names. */
function imagesIn(row: string): string[] {
  let isAfterFrom = false;
  return row.split(/\s+/).flatMap((word) => {
    const isImage = isAfterFrom && !word.startsWith('--');
    isAfterFrom = (isAfterFrom && !isImage) || /^from$/i.test(word);
    if (isImage) return [word];
    return /^--from=/i.test(word) ? [word.slice('--from='.length)] : [];
  });
}
