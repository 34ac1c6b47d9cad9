import { isHarmless, isSecretMember, REDACTED } from './secret-names.ts';

const TAG_NAME = /(?:[\w.-]{1,64}:)?([\w.-]{1,128})/y;
const ATTRIBUTE = /(?<![\w.:-])([\w.:-]{1,64})(\s{0,8}=\s{0,8})("[^"]*"|'[^']*')/g;
/** Attributes that name what stands in `value` or in the element: NuGet, Ant and Spring write so. */
const NAMING = /^(?:key|name|id)$/i;

interface Tag {
  /** Without its namespace's prefix. */
  readonly name: string;
  readonly end: number;
  readonly isClosing: boolean;
  readonly isEmpty: boolean;
}

/** Redacts elements and attributes with secret names, and those that another attribute or a `<key>` before them names so. */
export function redactXml(text: string): string {
  if (!/<[\w!?/]/.test(text) || !/<\/|\/>/.test(text)) return text;
  let result = '';
  let from = 0;
  let keyBefore = '';
  const contents = new Contents(text);
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', Math.max(from, at + 1))) {
    const tag = readTag(text, at);
    if (tag === undefined || tag.isClosing) continue;
    const source = text.slice(at, tag.end);
    const attributes = redactAttributes(source);
    result += text.slice(from, at) + attributes.text;
    from = tag.end;
    if (tag.isEmpty) continue;
    const end = contents.endAfter(tag.end);
    const content = text.slice(from, end);
    if (isHidden({ tag, content, named: attributes.named, keyBefore })) {
      result += REDACTED;
      from = end;
    }
    keyBefore = tag.name === 'key' && content.length < 128 ? content : '';
  }
  return result + text.slice(from);
}

function isHidden(element: { tag: Tag; content: string; named: string; keyBefore: string }): boolean {
  const { tag, content, named, keyBefore } = element;
  const isSecret = [tag.name, named, keyBefore].some((name) => name !== '' && isSecretMember(name));
  return isSecret && content.trim() !== '' && !isHarmless(tag.name, content);
}

/** What ends a tag: no less-than sign may stand in one, so that a search ends at the next. */
function readTag(text: string, at: number): Tag | undefined {
  const isClosing = text.charAt(at + 1) === '/';
  TAG_NAME.lastIndex = at + (isClosing ? 2 : 1);
  const name = TAG_NAME.exec(text)?.[1];
  if (name === undefined) return undefined;
  let quote = '';
  for (let end = TAG_NAME.lastIndex; end < text.length; end++) {
    const character = text.charAt(end);
    if (character === '<') return undefined;
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '>')
      return { name, end: end + 1, isClosing, isEmpty: text.charAt(end - 1) === '/' };
  }
  return undefined;
}

/** Finds where the contents of elements end: at the next tag, CDATA and comments being content. Linear over all of a text. */
class Contents {
  readonly #text: string;
  /** The search for each closing mark that was made last, as it must not be made again and again. */
  readonly #searches = new Map<string, { readonly from: number; readonly at: number }>();

  constructor(text: string) {
    this.#text = text;
  }

  endAfter(start: number): number {
    let at = orEnd(this.#text.indexOf('<', start), this.#text);
    while (this.#text.startsWith('<!', at)) {
      const closing = this.#text.startsWith('<![CDATA[', at) ? ']]>' : '>';
      at = orEnd(this.#text.indexOf('<', this.#find(closing, at + 2)), this.#text);
    }
    return at;
  }

  #find(mark: string, from: number): number {
    const last = this.#searches.get(mark);
    if (last !== undefined && last.from <= from && from <= last.at) return last.at;
    const at = orEnd(this.#text.indexOf(mark, from), this.#text);
    this.#searches.set(mark, { from, at });
    return at;
  }
}

function orEnd(at: number, text: string): number {
  return at === -1 ? text.length : at;
}

function redactAttributes(tag: string): { text: string; named: string } {
  if (!tag.includes('=')) return { text: tag, named: '' };
  let named = '';
  for (const [, name = '', , quoted = ''] of tag.matchAll(ATTRIBUTE)) {
    if (NAMING.test(name)) named ||= quoted.slice(1, -1);
  }
  const isNamed = named !== '' && isSecretMember(named);
  const text = tag.replace(ATTRIBUTE, (all, ...[name = '', equals = '', quoted = '']: string[]) => {
    const isValue = isNamed && /^(?:value|content|default)$/i.test(name);
    const isPlain = NAMING.test(name) || !isSecretMember(name) || isHarmless(name, quoted.slice(1, -1));
    return !isValue && isPlain ? all : `${name}${equals}${quoted.charAt(0)}${REDACTED}${quoted.charAt(0)}`;
  });
  return { text, named };
}
