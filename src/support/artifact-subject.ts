/**
 * What waivers and baselines name an artifact by: its package URL, else the URL that was asked for, without a query.
 * A package URL of type generic says no more than that URL, in a form that nobody would write.
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
  if (purl === null || purl.startsWith('pkg:generic/')) return url ?? purl ?? name;
  return purl;
}
