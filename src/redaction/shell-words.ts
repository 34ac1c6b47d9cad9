/** Words of a shell line, operators, and the blanks between them, in turn; an unclosed quote runs to the end. */
export function splitWords(line: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (quote === '' && at > start && kindOf(character) !== kindOf(line.charAt(start))) {
      pieces.push(line.slice(start, at));
      start = at;
    }
    if (character === '\\' && quote !== "'") at++;
    else if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
  }
  pieces.push(line.slice(start));
  return pieces;
}

function kindOf(character: string): 'blank' | 'operator' | 'word' {
  if (' \n\t\r'.includes(character)) return 'blank';
  return ';|&()`'.includes(character) ? 'operator' : 'word';
}

/** The word in the quotes that the original had. */
export function quoteLike(original: string, word: string): string {
  const quote = /^["']/.exec(original)?.[0] ?? '';
  return quote + word + quote;
}

export function unquote(word: string): string {
  const isQuoted = word.length > 1 && /^["']/.test(word) && word.endsWith(word.charAt(0));
  return isQuoted ? word.slice(1, -1) : word.replace(/["'\\]/g, '');
}
