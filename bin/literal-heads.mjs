const MAX_HEADS = 24;

/**
 * The literals with which a match of the pattern can begin: `(?:sk|rk)_(?:test|live)_[a-z]{10}` gives `sk_test_`,
 * `sk_live_`, `rk_test_` and `rk_live_`. As long as possible, at most 24 of them.
 */
export function literalHeads(pattern) {
  return [...new Set(alternatives(pattern).flatMap((sequence) => headsOfSequence(sequence).heads))];
}

/** Whether the pattern has no bar outside of groups and classes. */
export function isOneSequence(pattern) {
  return alternatives(pattern).length === 1;
}

/** The parts of a pattern between bars that stand in no group and no class. */
function alternatives(pattern) {
  const parts = [''];
  let depth = 0;
  for (const atom of pattern.match(/\\.|\[(?:\\.|[^\]\\])*\]|[^]/g) ?? []) {
    if (atom === '(') depth++;
    if (atom === ')') depth--;
    if (atom === '|' && depth === 0) parts.push('');
    else parts[parts.length - 1] += atom;
  }
  return parts;
}

/** `isWhole`: the heads are all that the sequence can match. */
function headsOfSequence(sequence) {
  let heads = [''];
  let rest = sequence;
  while (rest !== '') {
    const { choices, length, isWhole } = firstAtom(rest);
    rest = rest.slice(length);
    if (choices === undefined || /^[*+?{]/.test(rest) || heads.length * choices.length > MAX_HEADS) {
      return { heads, isWhole: false };
    }
    heads = heads.flatMap((head) => choices.map((choice) => head + choice));
    if (!isWhole) return { heads, isWhole: false };
  }
  return { heads, isWhole: true };
}

function firstAtom(text) {
  if (text.startsWith('(?:')) {
    const length = groupLength(text);
    const inner = alternatives(text.slice(3, length - 1)).map(headsOfSequence);
    return {
      choices: inner.flatMap(({ heads }) => heads),
      length,
      isWhole: inner.every(({ isWhole }) => isWhole),
    };
  }
  const [atom] = /^(?:\\.|\[(?:\\.|[^\]\\])*\]|[^])/.exec(text);
  if (/^\\[.+*?()[\]{}|\\/-]$/.test(atom)) return { choices: [atom.slice(1)], length: 2, isWhole: true };
  if (/^\[[a-zA-Z]{1,4}\]$/.test(atom)) {
    return { choices: [...atom.slice(1, -1)], length: atom.length, isWhole: true };
  }
  const isLiteral = /^[^\\.[(|^$]$/.test(atom);
  return { choices: isLiteral ? [atom] : undefined, length: atom.length, isWhole: isLiteral };
}

function groupLength(text) {
  let depth = 0;
  let length = 0;
  for (const atom of text.match(/\\.|\[(?:\\.|[^\]\\])*\]|[^]/g) ?? []) {
    length += atom.length;
    if (atom === '(') depth++;
    if (atom === ')' && --depth === 0) return length;
  }
  return length;
}
