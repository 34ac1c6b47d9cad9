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

/**
 * Makes UTF-8 of a page in the character set that its type names; undefined where it is UTF-8, or nothing that is known
 * is named.
 */
export function transcodePage(contentType: string): ((page: Buffer) => Buffer) | undefined {
  const [, quoted, plain] = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;]+))/i.exec(contentType) ?? [];
  const decoder = decoderOf(quoted ?? plain ?? 'utf-8');
  return decoder === undefined || decoder.encoding === 'utf-8'
    ? undefined
    : (page) => Buffer.from(decoder.decode(page));
}

function decoderOf(label: string): InstanceType<typeof TextDecoder> | undefined {
  try {
    return new TextDecoder(label);
  } catch {
    return undefined;
  }
}
