/** Paragraphs as one text of at most so many bytes. What does not fit is left out whole, and a last line says what. */
export function joinWithin(maxBytes: number, paragraphs: readonly string[]): string {
  const kept: string[] = [];
  const cut: string[] = [];
  let title = 'the rest';
  // Room for the line that tells of it.
  let left = maxBytes - 1_000;
  for (const paragraph of paragraphs) {
    title = /^#### (.+)/.exec(paragraph)?.[1] ?? title;
    const bytes = Buffer.byteLength(paragraph) + 2;
    if (bytes <= left) {
      kept.push(paragraph);
      left -= bytes;
    } else if (cut.at(-1) !== title) cut.push(title);
  }
  const note = `> **Cut:** this page has room for ${maxBytes} bytes. Left out: ${cut.slice(0, 20).join(', ')}. The journal has all.`;
  return `${[...kept, ...(cut.length === 0 ? [] : [note])].join('\n\n')}\n`;
}
