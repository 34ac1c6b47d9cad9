import type { UrlView } from '../url-view.ts';
import type { SourceDescription } from './control.ts';

/** Of all descriptions of a run. */
const MAX_FILES = 20_000;

/** What the `.dsc` files of a run say of the files beside them. */
export class SourceFiles {
  readonly #versions = new Map<string, Pick<SourceDescription, 'name' | 'version'>>();

  /** URLs of the files with their digests. */
  add(url: UrlView, { name, version, files }: SourceDescription): { url: string; sha256: string }[] {
    const listed = files.map(({ file, sha256 }) => ({ url: resolveBeside(url, file), sha256 }));
    for (const one of listed) {
      if (this.#versions.size < MAX_FILES) this.#versions.set(one.url, { name, version });
    }
    return listed;
  }

  find(url: UrlView): Pick<SourceDescription, 'name' | 'version'> | undefined {
    return this.#versions.get(url.href);
  }
}

function resolveBeside(url: UrlView, file: string): string {
  return new URL(encodeURIComponent(file).replaceAll('%2B', '+').replaceAll('%3A', ':'), url.href).href;
}
