const MAX_PATTERNS = 200;
const MAX_LENGTH = 500;
const MAX_BRACES = 32;

/**
 * Whether a path is one of those that the patterns of a workspace stand for: `*` is within a folder's name, `**` any
 * folders, `{a,b}` one of several, and `!` takes away what one before it had. Patterns are hostile text: each is
 * compared in time that grows with its length and the path's.
 */
export function matchMembers(path: string, patterns: readonly string[]): boolean {
  let isMember = false;
  for (const pattern of patterns.slice(0, MAX_PATTERNS)) {
    const isExcluding = pattern.startsWith('!');
    const bare = pattern
      .slice(isExcluding ? 1 : 0, MAX_LENGTH)
      .replace(/^\.\//, '')
      .replace(/(?<!\/)\/+$/, '');
    if (expandBraces(bare).some((one) => matchSegments(path.split('/'), one.split('/'))))
      isMember = !isExcluding;
  }
  return isMember;
}

function expandBraces(pattern: string): string[] {
  let open = [pattern];
  for (let round = 0; round < 4; round += 1) {
    open = open
      .flatMap((one) => {
        const [, before = '', choices, after = ''] = /^([^{]*)\{([^{}]*)\}(.*)$/.exec(one) ?? [];
        return choices === undefined ? [one] : choices.split(',').map((choice) => before + choice + after);
      })
      .slice(0, MAX_BRACES);
  }
  return open;
}

/** By the positions in the pattern at which the path may be. */
function matchSegments(path: readonly string[], pattern: readonly string[]): boolean {
  let at = skipDeep(new Set([0]), pattern);
  for (const name of path) {
    const next = new Set<number>();
    for (const index of at) {
      const segment = pattern[index];
      if (segment === undefined) continue;
      if (segment === '**') next.add(index);
      else if (matchName(name, segment)) next.add(index + 1);
    }
    at = skipDeep(next, pattern);
  }
  return at.has(pattern.length);
}

/** `**` may also stand for no folder. */
function skipDeep(positions: ReadonlySet<number>, pattern: readonly string[]): Set<number> {
  const all = new Set(positions);
  for (const index of all) if (pattern[index] === '**') all.add(index + 1);
  return all;
}

function matchName(name: string, pattern: string): boolean {
  const parts = pattern.split('*');
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  if (parts.length === 1) return name === first;
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length)
    return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= name.length - last.length;
}
