import { isHarmless, isSecretMember, isSecretName, REDACTED } from './secret-names.ts';

const TOKEN = /"[^"\\]*(?:\\[^][^"\\]*)*"?|[{}[\]]|[^"{}[\]]+/g;
/** Members whose value is the name of what stands in another member beside them. */
const NAMING = /^(?:name|key|field|header|variable|parameter|option|id)$/i;
const NAMED = /^(?:values?|val|content|text|data|default)$/i;
const HAS_NAMING = /"(?:name|key|field|header|variable|parameter|option|id)"/i;
/** How objects begin that tell of a package: `jsonwebtoken` is a name of one, not of a secret. */
const PACKAGE =
  /\s{0,64}(?:"(?:version|specifier|resolved|resolution|name|dev|optional|integrity|link|requires)"\s{0,64}:|"[\^~<>=v]{0,2}\d{1,6}\.\d{1,6})/y;
/** List items after which a secret comes, as in `["--token", "…"]` and `["Authorization", "…"]`. */
const FLAG = /^--?[a-z]/i;
const HEADER_NAME = /^(?:(?:proxy-)?authorization|(?:set-)?cookie|x-[\w-]{1,64})$/i;
const HIDDEN = JSON.stringify(REDACTED);

type RedactString = (text: string) => string;

/**
 * Redacts what stands under secret names in JSON, lists and objects too, and every string as if it were written without
 * escapes. The text may be cut anywhere, or be several documents; what is no JSON at all stays.
 */
export function redactJson(text: string, redactString: RedactString): string {
  const naming = HAS_NAMING.test(text) ? findNamingObjects(text) : new Set<number>();
  const scan = new Scan(text, { naming, redactString });
  return text.replace(TOKEN, (token, at: number) => scan.next(token, at));
}

/** Where objects begin of which a member names a secret, before or after the member that has it. */
function findNamingObjects(text: string): Set<number> {
  const found = new Set<number>();
  const open: number[] = [];
  let [last, name]: (string | undefined)[] = [];
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token.startsWith('"')) {
      if (namesSecret(name, token)) found.add(open.at(-1) ?? -1);
      last = name === undefined ? token.slice(1, -1) : undefined;
      name = undefined;
      continue;
    }
    if (token === '{' || token === '[') open.push(index);
    if (token === '}' || token === ']') open.pop();
    name = /^\s*:/.test(token) ? last : undefined;
    last = undefined;
  }
  return found;
}

function namesSecret(name: string | undefined, token: string): boolean {
  return name !== undefined && NAMING.test(name) && isSecretMember(decode(token));
}

interface Rules {
  readonly naming: ReadonlySet<number>;
  readonly redactString: RedactString;
}

class Scan {
  readonly #text: string;
  readonly #rules: Rules;
  /** Where the objects and lists that are open begin. */
  readonly #open: number[] = [];
  /** The string before, which a colon makes a name. */
  #last: string | undefined;
  /** The member whose value comes. */
  #name: string | undefined;
  /** Brackets that are open within what is hidden. */
  #hiddenDepth = 0;

  constructor(text: string, rules: Rules) {
    this.#text = text;
    this.#rules = rules;
  }

  next(token: string, at: number): string {
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
        return this.#opening(token, at);
      case '}':
      case ']':
        this.#open.pop();
        this.#forget();
        return token;
      default:
        return this.#between(token);
    }
  }

  #opening(token: string, at: number): string {
    PACKAGE.lastIndex = at + 1;
    const isHidden = this.#isSecret() && !PACKAGE.test(this.#text);
    this.#forget();
    if (!isHidden) {
      this.#open.push(at);
      return token;
    }
    this.#hiddenDepth = 1;
    return HIDDEN;
  }

  #string(token: string): string {
    const text = decode(token);
    const isHidden = this.#name === undefined ? this.#followsFlag(text) : this.#isSecret(text);
    this.#last = this.#name === undefined ? text : undefined;
    this.#name = undefined;
    if (isHidden) return HIDDEN;
    const safe = this.#rules.redactString(text);
    return safe === text ? token : JSON.stringify(safe);
  }

  /** Colons, commas, blanks, numbers and literals. */
  #between(token: string): string {
    const colon = /^\s*:\s*/.exec(token)?.[0];
    if (colon === undefined) {
      this.#name = undefined;
      // An item of a list is remembered for the next one.
      if (!this.#isInList() || token.trim() !== ',') this.#last = undefined;
      return token;
    }
    this.#name = this.#last;
    this.#last = undefined;
    const value = /^[-+.\w]+/.exec(token.slice(colon.length))?.[0] ?? '';
    if (value === '') return token;
    const isHidden = /\d/.test(value) && this.#isSecret(value);
    this.#name = undefined;
    return isHidden ? `${colon}${HIDDEN}${token.slice(colon.length + value.length)}` : token;
  }

  #isInList(): boolean {
    const start = this.#open.at(-1);
    return start !== undefined && this.#text.charAt(start) === '[';
  }

  #followsFlag(text: string): boolean {
    const flag = this.#last;
    if (flag === undefined || !this.#isInList() || FLAG.test(text)) return false;
    return (
      (FLAG.test(flag) && isSecretName(flag.replace(/^--?/, ''))) ||
      (HEADER_NAME.test(flag) && isSecretMember(flag))
    );
  }

  #isSecret(value?: string): boolean {
    const name = this.#name;
    if (name === undefined || (value !== undefined && isHarmless(name, value))) return false;
    if (isSecretMember(name)) return true;
    return NAMED.test(name) && this.#rules.naming.has(this.#open.at(-1) ?? -1);
  }

  #forget(): void {
    this.#last = undefined;
    this.#name = undefined;
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
