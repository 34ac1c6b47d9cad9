import { randomBody } from '../../origin/random.ts';
import { binary, sendResource } from '../responses.ts';
import type { Handler } from '../scenario.ts';

/** Name and size of each file that the download clients fetch. */
const files = { 'small.bin': 1000, 'middle.bin': 200_000, 'large.bin': 3_000_000, 'empty.bin': 0 };

/** The addresses of all files, in order. */
export const fileUrls = (baseUrl: string): string[] =>
  Object.keys(files).map((name) => `${baseUrl}/files/${name}`);

/** The content of all files, by the path of their addresses. */
export const readFiles = (): Map<string, Buffer> =>
  new Map(Object.entries(files).map(([name, size]) => [`/files/${name}`, randomBody(size, name)]));

/** Serves the files below `/files/`. */
export function serveFiles(): Handler {
  const contents = readFiles();
  return (served) => {
    const content = contents.get(served.url.pathname);
    sendResource(served, content && binary(content));
  };
}
