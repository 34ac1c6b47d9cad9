import { isSecretMember, REDACTED } from './secret-names.ts';

const NAME = /\bname="?([^"\r\n;]{1,256})/i;
const TYPE = /^content-type:[ \t]{0,16}([^\r\n]{1,256})/im;

/** Redacts what stands in a part, by the type that the part names. */
export type RedactPart = (content: string, contentType: string) => string;

/** Redacts the parts of a form (RFC 7578): whole where their name is secret. Linear: boundaries are looked up one after the other. */
export function redactMultipart(text: string, contentType: string, redactPart: RedactPart): string {
  const boundary = boundaryOf(text, contentType);
  if (boundary === undefined) return text;
  let result = '';
  let from = 0;
  for (let at = text.indexOf(boundary); at !== -1;) {
    const start = at + boundary.length;
    const next = text.indexOf(boundary, start);
    result += text.slice(from, start);
    result += redactOne(text.slice(start, next === -1 ? text.length : next), redactPart);
    from = next === -1 ? text.length : next;
    at = next;
  }
  return result + text.slice(from);
}

/** That of the header, or the first line where the header names none. */
function boundaryOf(text: string, contentType: string): string | undefined {
  const named = /boundary="?([^";\s]{1,128})/i.exec(contentType)?.[1];
  if (named !== undefined && text.includes(`--${named}`)) return `--${named}`;
  return /^--[^\r\n]{1,128}/.exec(text.slice(0, 256))?.[0].trimEnd();
}

function redactOne(part: string, redactPart: RedactPart): string {
  const blank = /\r?\n\r?\n/.exec(part);
  if (blank === null) return part;
  const start = blank.index + blank[0].length;
  const head = part.slice(0, start);
  const ending = /\r?\n$/.exec(part)?.[0] ?? '';
  const content = part.slice(start, Math.max(start, part.length - ending.length));
  const name = NAME.exec(head)?.[1] ?? '';
  if (content === '') return part;
  return head + (isSecretMember(name) ? REDACTED : redactPart(content, TYPE.exec(head)?.[1] ?? '')) + ending;
}
