/** The texts of the first elements at these paths, such as `project/parent/groupId`. Total: never throws on odd input. */
export function readXmlTexts(xml: string, paths: ReadonlySet<string>): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const open: string[] = [];
  const tags =
    /<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<(\/?)([A-Za-z_][\w:.-]*)(?![\w:.-])([^<>]*)>([^<]*)/g;
  for (const [, closing, name, rest = '', text = ''] of xml.matchAll(tags)) {
    if (name === undefined) continue;
    if (closing === '/') {
      if (open.at(-1) === name) open.pop();
      continue;
    }
    if (rest.endsWith('/')) continue;
    open.push(name);
    const path = open.length <= 8 ? open.join('/') : '';
    if (paths.has(path) && !texts.has(path)) texts.set(path, text.trim());
  }
  return texts;
}
