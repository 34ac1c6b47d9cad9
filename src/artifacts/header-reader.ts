/** Reads the first value of a header by its lower-case name, of a flat list of names and values. */
export function headerReader(raw: readonly string[]): (name: string) => string | undefined {
  let values: Map<string, string> | undefined;
  return (name) => (values ??= indexHeaders(raw)).get(name);
}

function indexHeaders(raw: readonly string[]): Map<string, string> {
  const values = new Map<string, string>();
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index]?.toLowerCase() ?? '';
    if (!values.has(name)) values.set(name, raw[index + 1] ?? '');
  }
  return values;
}
