const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The few references that occur in attributes of index pages. */
export function decodeEntities(text: string): string {
  return text.replace(/&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]+);/gi, (whole, reference: string) => {
    if (!reference.startsWith('#')) return named[reference.toLowerCase()] ?? whole;
    const isHex = /^#x/i.test(reference);
    const code = Number.parseInt(reference.slice(isHex ? 2 : 1), isHex ? 16 : 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** Within quotes a tag may hold anything; outside of them no other tag begins. */
const tagOf = (name: string): RegExp => new RegExp(`<${name}\\b((?:[^<>"']|"[^"]*"|'[^']*')*)>`, 'gi');
const attributes = /([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?/g;

/** The values of `href` of each tag of that name, as browsers and installers read them. */
export function readHrefs(page: string, tag: 'a' | 'base'): string[] {
  return [...page.matchAll(tagOf(tag))].flatMap(([, inside = '']) => {
    for (const [, name = '', double, single, bare] of inside.matchAll(attributes)) {
      if (name.toLowerCase() === 'href') return [decodeEntities(double ?? single ?? bare ?? '')];
    }
    return [];
  });
}

/** By the character set that the type of a page names, else as UTF-8. */
export function decodePage(body: Buffer, contentType: string): string {
  const [, quoted, plain] = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;]+))/i.exec(contentType) ?? [];
  try {
    return new TextDecoder(quoted ?? plain ?? 'utf-8').decode(body);
  } catch {
    return body.toString();
  }
}
