import type { LockedEntry } from '../model/artifact.ts';

export type Syntax = 'toml' | 'yaml';

/** One per kind of lockfile, and one line in `parsers/index.ts`. */
export interface LockfileParser {
  readonly id: string;
  /** Which artifacts it locks, as `Artifact.ecosystem` names them. */
  readonly ecosystem: string;
  readonly matches: (fileName: string) => boolean;
  /** Whether the text may be one at all, where the file's name does not say so. */
  readonly accepts?: (text: string) => boolean;
  /** What `parse` gets as the text's document; of YAML a list, as one text may hold several. */
  readonly syntax?: Syntax;
  /** Whether it is as good as none: its tool would begin anew. Default: it is blank. The text parsed well. */
  readonly isEmpty?: (text: string, document: unknown) => boolean;
  /** Throws an error that says what is wrong with the text; the text is hostile input. */
  readonly parse: (text: string, document: unknown) => LockedEntry[];
}

type ExpectedOfEntry = LockedEntry['expected'][number];

/** `sha256:HEX` and the like, as Python's lockfiles write digests; undefined for algorithms that we do not compute. */
export function readHexDigest(text: unknown): ExpectedOfEntry | undefined {
  if (typeof text !== 'string') return undefined;
  const [, algorithm, value] = /^(sha256|sha384|sha512|sha1|md5)[:=]([0-9a-f]+)$/i.exec(text.trim()) ?? [];
  if (algorithm === undefined || value === undefined) return undefined;
  return checkedDigest(algorithm.toLowerCase(), value);
}

const hexLengths = { sha256: 64, sha384: 96, sha512: 128, sha1: 40, md5: 32 } as const;

/** Undefined for what is not as long as its algorithm says. */
export function checkedDigest(algorithm: string, hex: unknown): ExpectedOfEntry | undefined {
  if (!Object.hasOwn(hexLengths, algorithm) || typeof hex !== 'string') return undefined;
  const known = algorithm as keyof typeof hexLengths;
  if (hex.length !== hexLengths[known] || !/^[0-9a-f]+$/i.test(hex)) return undefined;
  return { algorithm: known, value: hex.toLowerCase() };
}

/** What follows the last `#` of a URL; undefined where there is none. */
export function fragmentOf(url: string): string | undefined {
  const at = url.lastIndexOf('#');
  return at < 0 ? undefined : url.slice(at + 1);
}

/** Of a commit's id; one that is not in full may be that of several commits. */
export function commitDigest(id: unknown): ExpectedOfEntry[] {
  return typeof id === 'string' && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(id)
    ? [{ algorithm: 'gitCommit', value: id }]
    : [];
}

const sriLengths = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 } as const;

/** The strongest algorithm's digests of a Subresource Integrity value: clients check only those. */
export function readIntegrity(text: unknown): ExpectedOfEntry[] {
  if (typeof text !== 'string') return [];
  const digests = text.split(/\s+/).flatMap((entry) => {
    const [, algorithm, base64] =
      /^(sha1|sha256|sha384|sha512)-([A-Za-z0-9+/]+={0,2})(?:\?.*)?$/.exec(entry) ?? [];
    if (algorithm === undefined || base64 === undefined) return [];
    const known = algorithm as keyof typeof sriLengths;
    const bytes = Buffer.from(base64, 'base64');
    return bytes.length === sriLengths[known] ? [{ algorithm: known, value: bytes.toString('hex') }] : [];
  });
  const strongest = (['sha512', 'sha384', 'sha256', 'sha1'] as const).find((algorithm) =>
    digests.some((digest) => digest.algorithm === algorithm),
  );
  return digests.filter(({ algorithm }) => algorithm === strongest);
}

/** Python's rule for comparing project names. */
export function normaliseProject(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

export type Members = Readonly<Record<string, unknown>>;

export function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {};
}

export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
