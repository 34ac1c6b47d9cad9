// https://wiki.debian.org/DebianRepository/Format#A.22Release.22_files

/** What a Release file says of its repository. Its signature is apt's to check. */
export interface Release {
  readonly origin: string | undefined;
  /** The name of the distribution that the repository's part belongs to. */
  readonly distribution: string | undefined;
  /** SHA-256 of each index of packages, by its path from the Release file. */
  readonly indices: ReadonlyMap<string, string>;
}

/** Of all that a Release lists; the largest known has some hundreds. */
const MAX_INDICES = 20_000;
const indexName = /(?:^|\/)(?:Packages|Sources)(?:\.\w+)?$/;

/** Reads a Release, or an InRelease, which is one within a signed message; undefined for what is neither. */
export function readRelease(text: string): Release | undefined {
  const fields = new Map<string, string>();
  const indices = new Map<string, string>();
  let field = '';
  for (const line of signedLines(text)) {
    const [, name, value] = /^([A-Za-z0-9-]+):([^]*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) {
      field = name.toLowerCase();
      fields.set(field, value.trim());
    } else if (field === 'sha256' && indices.size < MAX_INDICES) {
      const listed = readListed(line);
      if (listed !== undefined) indices.set(listed.path, listed.digest);
    }
  }
  if (!fields.has('sha256')) return undefined;
  const distribution = fields.get('codename') ?? fields.get('suite');
  return { origin: fields.get('origin'), distribution: distribution && withoutPart(distribution), indices };
}

function readListed(line: string): { path: string; digest: string } | undefined {
  const [, digest = '', path = ''] = /^\s+([0-9a-f]{64})\s+\d+\s+(\S+)\s*$/i.exec(line) ?? [];
  if (!indexName.test(path)) return undefined;
  return { path: path.replace(/^\.\//, ''), digest: digest.toLowerCase() };
}

/** The lines between the armour of a signed message (RFC 9580 7), or all of them. */
function signedLines(text: string): string[] {
  const start = /^-----BEGIN PGP SIGNED MESSAGE-----\s*?\n(?:.+\n)*\s*?\n/.exec(text);
  if (start === null) return text.split('\n');
  const end = text.indexOf('\n-----BEGIN PGP SIGNATURE-----', start[0].length - 1);
  return text
    .slice(start[0].length, end < 0 ? text.length : end)
    .split('\n')
    .map((line) => line.replace(/^- /, ''));
}

/** `trixie-security` is a part of trixie. */
function withoutPart(codename: string): string {
  return codename.replace(/[-/](?:security|updates|proposed-updates|backports(?:-sloppy)?)$/, '');
}
