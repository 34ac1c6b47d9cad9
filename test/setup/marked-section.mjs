import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

/** What stands in `file` between the comments `<!-- NAME:begin -->` and `<!-- NAME:end -->`. Throws without them. */
export const readSection = (file, name) => split(readFileSync(file, 'utf8'), { file, name }).section;

/** Puts Markdown there, and formats the file as `npm run format` wants it. */
export async function writeSection(file, name, markdown) {
  const { before, after } = split(readFileSync(file, 'utf8'), { file, name });
  const content = `${before}\n\n${markdown}\n\n${after}`;
  writeFileSync(file, await format(content, { ...(await resolveConfig(file)), filepath: file }));
}

function split(content, { file, name }) {
  const marks = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [start, end] = marks.map((mark) => content.indexOf(mark));
  if (start < 0 || end < start)
    throw new Error(`${file} has no section ${name}: expected the lines ${marks.join(' and ')}`);
  const from = start + marks[0].length;
  return { before: content.slice(0, from), section: content.slice(from, end), after: content.slice(end) };
}
