// https://wiki.debian.org/DebianRepository/Format
import { renameSync, rmSync } from 'node:fs';
import type { Examine } from '../examine/examiner.ts';
import { isNotExamined } from '../examine/not-examined.ts';
import type { ReportNotExamined } from '../recogniser.ts';
import type { UrlView } from '../url-view.ts';
import { PackageIndex, sizeOfEntry, type IndexEntry, type IndexedFile } from './package-index.ts';
import type { Release } from './release.ts';

/** Where an index was fetched from. */
export interface IndexPlace {
  /** The one asked for: a redirect does not move the repository. */
  readonly url: UrlView;
  /** It crossed the wire in another form than the one that the Release speaks of. */
  readonly isEncoded: boolean;
}

/** What an index says of a file, and what is known of the index. */
export interface Statement {
  readonly file: IndexedFile;
  readonly indexUrl: string;
  readonly release: Release | undefined;
  /** Of the Release that lists the index with the digest that it had. */
  readonly listedIn: string | undefined;
  /** The Release lists other bytes under the index's name. */
  readonly contradicts: boolean;
}

interface KnownIndex {
  readonly place: IndexPlace;
  readonly file: string;
  /** What is in the file, once it is asked for; undefined where that cannot be read. */
  content: Promise<IndexContent | undefined> | undefined;
}

interface IndexContent {
  readonly sha256: string;
  readonly index: PackageIndex;
}

interface KnownRelease {
  readonly url: string;
  readonly release: Release;
}

const MAX_RELEASES = 1000;
const MAX_INDICES = 1000;
/** Of all indices of a run: some 200,000 packages. */
const MAX_INDEX_BYTES = 64 * 1024 * 1024;
/** Decompressed, of all indices of a run: the largest known have 60 MB. */
const MAX_DECODED_BYTES = 1024 * 1024 * 1024;

/**
 * The repositories of a run, by what their indices said. An index takes seconds to decompress, and most runs fetch them
 * for a few packages or none: it is read when the first file is fetched that it may name, not while others download.
 */
export class Repositories {
  /** By origin and directory, with the slash at its end. */
  readonly #releases = new Map<string, KnownRelease>();
  readonly #indices = new Map<string, KnownIndex>();
  readonly #examine: Examine;
  readonly #report: ReportNotExamined;
  #entryBytes = MAX_INDEX_BYTES;
  #decodedBytes = MAX_DECODED_BYTES;

  constructor({ examine, report }: { examine: Examine; report: ReportNotExamined }) {
    this.#examine = examine;
    this.#report = report;
  }

  addRelease(url: UrlView, release: Release): void {
    if (this.#releases.size < MAX_RELEASES) this.#releases.set(directoryOf(url), { url: url.href, release });
  }

  /** Takes the file over. */
  addIndex(place: IndexPlace, file: string): void {
    if (this.#indices.size >= MAX_INDICES || this.#isOther(place.url)) return;
    const own = `${file}.index`;
    renameSync(file, own);
    this.#indices.set(place.url.href, { place, file: own, content: undefined });
  }

  /** True for what the Release lists by its digest, but as no index of packages: translations, descriptions, contents. */
  #isOther(url: UrlView): boolean {
    const [, digest] = /\/by-hash\/SHA256\/([0-9a-f]{64})$/.exec(url.path) ?? [];
    const indices = digest === undefined ? undefined : this.#releaseOf(url)?.release.indices;
    return indices !== undefined && indices.size > 0 && ![...indices.values()].includes(digest ?? '');
  }

  /** Begins to read what may be asked of a URL. */
  expect(url: UrlView): void {
    for (const known of this.#indices.values()) {
      if (pathsWithin(known.place.url, url).length > 0) known.content ??= this.#open(known);
    }
  }

  /** What the indices that were fetched before say of a URL. */
  async about(url: UrlView): Promise<Statement[]> {
    this.expect(url);
    const statements: Statement[] = [];
    for (const { place, content } of this.#indices.values()) {
      const paths = pathsWithin(place.url, url);
      const known = paths.length > 0 ? await content : undefined;
      const file = paths.map((path) => known?.index.find(path)).find((found) => found !== undefined);
      if (known === undefined || file === undefined) continue;
      statements.push({ file, ...this.#judge(place, known.sha256) });
    }
    return statements;
  }

  async #open({ file, place }: KnownIndex): Promise<IndexContent | undefined> {
    const index = new PackageIndex();
    const limits = { entryBytes: this.#entryBytes, decodedBytes: this.#decodedBytes };
    const read = await this.#examine('package-index', { file, ...limits }, (rows) => {
      const entries = rows as readonly IndexEntry[];
      for (const entry of entries) this.#entryBytes -= sizeOfEntry(entry);
      index.add(entries);
    });
    rmSync(file, { force: true });
    if (isNotExamined(read)) this.#report(place.url.href, read.notExamined);
    if (read === undefined || isNotExamined(read)) return undefined;
    this.#decodedBytes -= read.decoded;
    return { sha256: read.sha256, index };
  }

  #judge(place: IndexPlace, sha256: string): Omit<Statement, 'file'> {
    const indexUrl = place.url.href;
    const known = this.#releaseOf(place.url);
    if (known === undefined) return { indexUrl, release: undefined, listedIn: undefined, contradicts: false };
    const { release, url, path } = known;
    const isListed = [...release.indices].some(
      ([name, digest]) => digest === sha256 && name.startsWith(path.slice(0, path.lastIndexOf('/') + 1)),
    );
    const listed = release.indices.get(path);
    const contradicts = !isListed && !place.isEncoded && listed !== undefined;
    return { indexUrl, release, listedIn: isListed ? url : undefined, contradicts };
  }

  /** The nearest Release above, and the path of the index from there; `by-hash/…` stands for the folder it is in. */
  #releaseOf(url: UrlView): (KnownRelease & { path: string }) | undefined {
    const named = url.path.replace(/by-hash\/SHA(?:256|512)\/[^/]*$/, '');
    for (let end = named.lastIndexOf('/'); end >= 0; end = named.lastIndexOf('/', end - 1)) {
      const known = this.#releases.get(`${url.origin}${named.slice(0, end + 1)}`);
      if (known !== undefined) return { ...known, path: named.slice(end + 1) };
      if (end === 0) break;
    }
    return undefined;
  }
}

function directoryOf({ origin, path }: UrlView): string {
  return `${origin}${path.slice(0, path.lastIndexOf('/') + 1)}`;
}

/**
 * The paths that an index may give a file: from the folder above `dists`. A repository without `dists` has its root in
 * any folder above the index.
 */
function pathsWithin(index: UrlView, file: UrlView): string[] {
  if (index.origin !== file.origin) return [];
  const dists = index.path.lastIndexOf('/dists/');
  const roots: string[] = [];
  if (dists >= 0) roots.push(index.path.slice(0, dists + 1));
  else
    for (
      let end = index.path.lastIndexOf('/');
      end >= 0;
      end = end === 0 ? -1 : index.path.lastIndexOf('/', end - 1)
    )
      roots.push(index.path.slice(0, end + 1));
  return roots.filter((root) => file.path.startsWith(root)).map((root) => file.path.slice(root.length));
}
