/** A line of the journal holds at most a megabyte; what is longer loses items. */
const MAX_BYTES = 400_000;

/** A list in portions that fit into an event each; at least one, also of an empty list. */
export function* inPortions<T>(items: readonly T[]): Generator<T[]> {
  let portion: T[] = [];
  let size = 0;
  for (const item of items) {
    const length = Buffer.byteLength(JSON.stringify(item));
    if (portion.length > 0 && size + length > MAX_BYTES) {
      yield portion;
      portion = [];
      size = 0;
    }
    portion.push(item);
    size += length;
  }
  yield portion;
}
