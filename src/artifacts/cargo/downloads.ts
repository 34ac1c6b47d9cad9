// https://doc.rust-lang.org/cargo/reference/registry-index.html#index-configuration
import { parseJson, textOf } from '../json.ts';
import { viewUrl } from '../url-view.ts';

const MAX_REGISTRIES = 1000;
const MAX_TEMPLATE = 2000;
const marker = /\{(crate|version|prefix|lowerprefix|sha256-checksum)\}/g;

export interface Release {
  readonly name: string;
  readonly version: string;
  readonly checksum: string;
}

/** Where registries say that their files are, by the URL of their index. */
export class Downloads {
  readonly #templates = new Map<string, string>();

  /** @param root of the index, with the slash at its end */
  addConfiguration(root: string, body: Buffer): void {
    const template = textOf(parseJson(body)?.['dl']);
    if (template === undefined || template.length > MAX_TEMPLATE) return;
    if (this.#templates.size < MAX_REGISTRIES) this.#templates.set(root, template);
  }

  /** The URL of a file that an index below the root lists. */
  find(root: string, release: Release): string | undefined {
    const template = this.#templates.get(root);
    if (template === undefined) return undefined;
    marker.lastIndex = 0;
    const whole = marker.test(template) ? template : `${template}/{crate}/{version}/download`;
    const values = valuesOf(release);
    return viewUrl(whole.replace(marker, (_, name: keyof typeof values) => values[name]))?.href;
  }
}

function valuesOf({ name, version, checksum }: Release) {
  return {
    crate: name,
    version,
    prefix: prefixOf(name),
    lowerprefix: prefixOf(name.toLowerCase()),
    'sha256-checksum': checksum,
  };
}

function prefixOf(name: string): string {
  if (name.length < 3) return String(name.length);
  return name.length === 3 ? `3/${name[0] ?? ''}` : `${name.slice(0, 2)}/${name.slice(2, 4)}`;
}
