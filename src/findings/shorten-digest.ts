const SHOWN = 12;

/** The beginning of a digest, with its algorithm where that is named: enough to tell it from others. */
export function shortenDigest(digest: string): string {
  const [, algorithm = '', value = ''] = /^(\w+:)?(.*)$/s.exec(digest) ?? [];
  return value.length > SHOWN ? `${algorithm}${value.slice(0, SHOWN)}…` : digest;
}
