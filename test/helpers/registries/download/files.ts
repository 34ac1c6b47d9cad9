import { randomBody } from '../../origin/random.ts';
import { binary, sendResource } from '../responses.ts';
import type { Resource } from '../responses.ts';
import type { Handler } from '../scenario.ts';

/** Name and size of each file that the download clients fetch. */
const files = { 'small.bin': 1000, 'middle.bin': 200_000, 'large.bin': 3_000_000, 'empty.bin': 0 };

/** The addresses of all files, in order. */
export const fileUrls = (baseUrl: string): string[] =>
  Object.keys(files).map((name) => `${baseUrl}/files/${name}`);

/** Serves the files below `/files/`. */
export function serveFiles(): Handler {
  const resources = new Map<string, Resource>();
  for (const [name, size] of Object.entries(files))
    resources.set(`/files/${name}`, binary(randomBody(size, name)));
  return (served) => sendResource(served, resources.get(served.url.pathname));
}
