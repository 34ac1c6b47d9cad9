import { isSecretMember, REDACTED } from './secret-names.ts';

const TOKEN = /"[^"\\]*(?:\\[^][^"\\]*)*"?|[{}[\]]|[^"{}[\]]+/g;
/** Members whose value is the name of what stands in `value` beside them. */
const NAMING = /^(?:name|key|field|header)$/i;
const HIDDEN = JSON.stringify(REDACTED);

/**
 * Redacts what stands under secret names in JSON, lists and objects too, and every string as if it were written without
 * escapes. The text may be cut anywhere, or be several documents; what is no JSON at all stays.
 */
export function redactJson(text: string, redactString: (text: string) => string): string {
  const scan = new Scan(redactString);
  return text.replace(TOKEN, (token) => scan.next(token));
}

class Scan {
  readonly #redactString: (text: string) => string;
  /** The string before, which a colon makes a name. */
  #last: string | undefined;
  /** The member whose value comes. */
  #name: string | undefined;
  /** Brackets that are open within what is hidden. */
  #hiddenDepth = 0;
  /** A secret was named in this object: its `value` is one. */
  #isNamed = false;

  constructor(redactString: (text: string) => string) {
    this.#redactString = redactString;
  }

  next(token: string): string {
    if (this.#hiddenDepth > 0) {
      if (token === '{' || token === '[') this.#hiddenDepth++;
      if (token === '}' || token === ']') this.#hiddenDepth--;
      return '';
    }
    switch (token.charAt(0)) {
      case '"':
        return this.#string(token);
      case '{':
      case '[':
        return this.#open(token);
      case '}':
      case ']':
        this.#forget();
        return token;
      default:
        return this.#between(token);
    }
  }

  #open(token: string): string {
    const isHidden = this.#isSecret();
    this.#forget();
    if (!isHidden) return token;
    this.#hiddenDepth = 1;
    return HIDDEN;
  }

  #string(token: string): string {
    const isHidden = this.#isSecret();
    const text = decode(token);
    if (this.#name !== undefined && NAMING.test(this.#name) && isSecretMember(text)) this.#isNamed = true;
    this.#last = this.#name === undefined ? text : undefined;
    this.#name = undefined;
    if (isHidden) return HIDDEN;
    const safe = this.#redactString(text);
    return safe === text ? token : JSON.stringify(safe);
  }

  /** Colons, commas, blanks, numbers and literals. */
  #between(token: string): string {
    const colon = /^\s*:\s*/.exec(token)?.[0];
    this.#name = colon === undefined ? undefined : this.#last;
    this.#last = undefined;
    const value = colon === undefined ? '' : (/^[-+.\w]+/.exec(token.slice(colon.length))?.[0] ?? '');
    if (value === '') return token;
    const isHidden = this.#isSecret() && /\d/.test(value);
    this.#name = undefined;
    return isHidden ? `${colon ?? ''}${HIDDEN}${token.slice((colon ?? '').length + value.length)}` : token;
  }

  #isSecret(): boolean {
    if (this.#name === undefined) return false;
    return isSecretMember(this.#name) || (this.#isNamed && /^value$/i.test(this.#name));
  }

  #forget(): void {
    this.#last = undefined;
    this.#name = undefined;
    this.#isNamed = false;
  }
}

/** Undoes the escapes of a string that may be cut. */
function decode(token: string): string {
  try {
    return JSON.parse(token.length > 1 && token.endsWith('"') ? token : `${token}"`) as string;
  } catch {
    return token.slice(1).replace(/"$/, '');
  }
}
