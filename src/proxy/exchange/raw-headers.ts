/** A flat list: name, value, name, value, … in the order and case of the wire. */
export type RawHeaders = readonly string[];

export function valuesOf(raw: RawHeaders, name: string): string[] {
  const values: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const candidate = raw[index];
    if (candidate?.length === name.length && candidate.toLowerCase() === name)
      values.push(raw[index + 1] ?? '');
  }
  return values;
}

export function firstOf(raw: RawHeaders, name: string): string | undefined {
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const candidate = raw[index];
    if (candidate?.length === name.length && candidate.toLowerCase() === name) return raw[index + 1];
  }
  return undefined;
}

/** All values of a header as one list (RFC 9110 5.3); undefined where there is none. */
export function listOf(raw: RawHeaders, name: string): string | undefined {
  return firstOf(raw, name) === undefined ? undefined : valuesOf(raw, name).join(', ');
}
