/**
 * The name that was probably meant: as it is written elsewhere (`--upstream-ca`, `upstreamCa`, `PROXAUDIT_UPSTREAM_CA`),
 * or a slip of the hand.
 */
export function findSimilar(name: string, known: readonly string[]): string | undefined {
  const plain = plainOf(name.slice(0, 64));
  const candidates = known.map((candidate) => ({
    candidate,
    distance: distanceOf(plain, plainOf(candidate)),
  }));
  const [best] = candidates.sort((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= Math.max(1, Math.floor(plain.length / 4))
    ? best.candidate
    : undefined;
}

function plainOf(key: string): string {
  return key
    .toLowerCase()
    .replace(/^proxaudit_/, '')
    .replace(/[^a-z0-9]/g, '');
}

/** Levenshtein's, with two neighbours that changed places counted once. */
function distanceOf(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const replaced = at(i - 1, j - 1) + (isSame ? 0 : 1);
      const swapped = isSwap ? at(i - 2, j - 2) + 1 : replaced;
      row.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, replaced, swapped));
    }
  }
  return at(a.length, b.length);
}
