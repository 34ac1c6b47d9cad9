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
      [
        ...row.matchAll(/(?:FROM\s+(?:--\S+\s+)*|--from=)(\S+?)(?::[\w.-]+)?@sha256:([0-9a-f]{64})\b/gi),
      ].flatMap(([, image, value]): LockedEntry[] => {
        const name = image?.split('/').at(-1);
        if (name === undefined || value === undefined) return [];
        const expected = [{ algorithm: 'sha256' as const, value }];
        return [{ name: name.toLowerCase(), version: `sha256:${value}`, expected, line: index + 1 }];
      }),
    ),
};
