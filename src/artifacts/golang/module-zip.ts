// https://pkg.go.dev/golang.org/x/mod/sumdb/dirhash#Hash1, https://go.dev/ref/mod#zip-files
import { createHash } from 'node:crypto';
import { BeyondLimit } from '../examine/not-examined.ts';
import { isPageFile } from '../page.ts';
import { openZip } from '../zip.ts';

/** What a file that was asked for as the zip of a module is. */
export type ModuleZip =
  | { readonly kind: 'module'; readonly path: string; readonly h1: string }
  /** A zip, but of no module of that version. */
  | { readonly kind: 'other' | 'page' | 'unreadable' };

/**
 * The module's path, and the digest that go.sum has: of the sorted list of the files' own digests. It reads every file.
 * @throws BeyondLimit
 */
export async function readModuleZip(file: string, version: string): Promise<ModuleZip> {
  let path: string | undefined;
  const lines: { name: string; sha256: string }[] = [];
  try {
    for await (const { name, content } of openZip(file)) {
      path ??= name.slice(0, Math.max(name.indexOf(`@${version}/`), 0));
      if (path === '' || !name.startsWith(`${path}@${version}/`)) return { kind: 'other' };
      const hash = createHash('sha256');
      for await (const chunk of content) hash.update(chunk as Buffer);
      lines.push({ name, sha256: hash.digest('hex') });
    }
  } catch (error) {
    if (error instanceof BeyondLimit) throw error;
    return { kind: isPageFile(file) ? 'page' : 'unreadable' };
  }
  if (path === undefined) return { kind: 'other' };
  lines.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  const sum = createHash('sha256');
  for (const { name, sha256 } of lines) sum.update(`${sha256}  ${name}\n`);
  return { kind: 'module', path, h1: sum.digest('base64') };
}
