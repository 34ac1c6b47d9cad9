/** All values of a header, by its lower-case name. */
export function allHeaders(raw: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const one = raw[index] ?? '';
    if (one.length === name.length && one.toLowerCase() === name) values.push(raw[index + 1] ?? '');
  }
  return values;
}

/** Reads the first value of a header by its lower-case name, of a flat list of names and values. */
export function headerReader(raw: readonly string[]): (name: string) => string | undefined {
  return (name) => {
    for (let index = 0; index + 1 < raw.length; index += 2) {
      const one = raw[index] ?? '';
      // Lengths tell most apart, and few names are asked for: an index would cost more than it saves.
      if (one.length === name.length && one.toLowerCase() === name) return raw[index + 1];
    }
    return undefined;
  };
}
