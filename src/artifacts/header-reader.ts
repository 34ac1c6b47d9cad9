/** Reads the first value of a header by its lower-case name, of a flat list of names and values. */
export function headerReader(raw: readonly string[]): (name: string) => string | undefined {
  return (name) => {
    for (let index = 0; index + 1 < raw.length; index += 2) {
      if (raw[index]?.toLowerCase() === name) return raw[index + 1];
    }
    return undefined;
  };
}
