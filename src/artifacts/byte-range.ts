// RFC 9110 14.
type Header = (name: string) => string | undefined;

/** What a 206 answer is of its file. */
export type Part =
  /** All of it: the client asked for no range, or for all. */
  | 'whole'
  /** Something else than what was asked for, or in a form that is not read here. */
  | 'odd'
  | { readonly start: number; readonly length: number; readonly total: number };

export function partOf(request: Header, response: Header): Part {
  const range = request('range');
  // Clients take it for the whole file, whatever its Content-Range says.
  if (range === undefined) return 'whole';
  const [, first, last] = numbersOf(
    /^\s*bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})\s*$/i,
    response('content-range'),
  );
  const total = numbersOf(/\/(\d{1,15})\s*$/, response('content-range'))[1];
  const [, from] = numbersOf(/^\s*bytes=(\d{1,15})-\d*\s*$/i, range);
  if (first === undefined || last === undefined || total === undefined || last < first || last >= total)
    return 'odd';
  if (from === 0 && first === 0 && last === total - 1) return 'whole';
  return from === first ? { start: first, length: last - first + 1, total } : 'odd';
}

/** What an answer says of its version of the file: parts of others do not belong to it. */
export function validatorOf(response: Header): string {
  return `${response('etag') ?? ''}\n${response('last-modified') ?? ''}`;
}

function numbersOf(pattern: RegExp, value: string | undefined): (number | undefined)[] {
  return [...(pattern.exec(value ?? '') ?? [])].map((text, index) =>
    index === 0 ? undefined : Number(text),
  );
}
