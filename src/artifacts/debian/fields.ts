// https://www.debian.org/doc/debian-policy/ch-controlfields.html
const patterns = {
  name: /^[a-z0-9][a-z0-9.+-]*$/i,
  version: /^[A-Za-z0-9.+~:-]+$/,
  architecture: /^[a-z0-9-]+$/i,
  sha256: /^[0-9a-f]{64}$/i,
};

/** Undefined for what is not of its form. */
export function plainField(text: string | undefined, form: keyof typeof patterns): string | undefined {
  return text !== undefined && text.length <= 255 && patterns[form].test(text) ? text : undefined;
}

/** A line has digest, size and file name. */
export function readChecksums(lines: string): { file: string; sha256: string }[] {
  return lines.split('\n').flatMap((line) => {
    const [, sha256, file] = /^\s*([0-9a-f]{64})\s+\d+\s+([^\s/]+)$/i.exec(line) ?? [];
    return sha256 === undefined || file === undefined ? [] : [{ file, sha256: sha256.toLowerCase() }];
  });
}
