/**
 * What waivers and baselines name an artifact by: its package URL, else the URL that was asked for, without a query.
 * Where the package URL has no more than that URL in it, percent-encoded, it is that URL too.
 */
export function subjectOf({
  purl,
  urls,
  name,
}: {
  readonly purl: string | null;
  readonly urls: readonly string[];
  readonly name: string;
}): string {
  const url = urls[0]?.split('?', 1)[0];
  if (purl === null || /^pkg:generic\/.*[?&]download_url=/.test(purl)) return url ?? purl ?? name;
  return purl;
}
