/** What waivers and baselines name an artifact by: its package URL, else the URL that was asked for, without a query. */
export function subjectOf({
  purl,
  urls,
  name,
}: {
  readonly purl: string | null;
  readonly urls: readonly string[];
  readonly name: string;
}): string {
  return purl ?? urls[0]?.split('?', 1)[0] ?? name;
}
