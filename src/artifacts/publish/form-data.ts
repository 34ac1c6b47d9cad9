// https://www.rfc-editor.org/rfc/rfc7578

export interface FormField {
  readonly fileName: string | undefined;
  readonly content: Buffer;
}

const MAX_FIELDS = 1000;
/** Of the headers of one field, in bytes. */
const MAX_HEAD = 16 * 1024;
const MAX_BOUNDARY = 200;

/** The fields of a form by name, the first of each; none where it is no form. Total: never throws on odd input. */
export function readFormData(contentType: string, body: Buffer): ReadonlyMap<string, FormField> {
  const fields = new Map<string, FormField>();
  const boundary = boundaryOf(contentType);
  if (boundary === undefined) return fields;
  const mark = Buffer.from(`\r\n--${boundary}`, 'latin1');
  // The first one stands at the very beginning.
  let start = body.indexOf(mark.subarray(2)) + mark.length;
  for (let count = 0; count < MAX_FIELDS; count += 1) {
    const end = body.indexOf(mark, start);
    if (end < 0) break;
    const field = readPart(body.subarray(start, end));
    if (field !== undefined && !fields.has(field.name)) fields.set(field.name, field);
    start = end + mark.length + 2;
  }
  return fields;
}

/** No character that a boundary may have ends a parameter (RFC 2046, 5.1.1). */
function boundaryOf(contentType: string): string | undefined {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim());
  if (type.toLowerCase() !== 'multipart/form-data') return undefined;
  const stated = parameters.findLast((parameter) => /^boundary=/i.test(parameter))?.slice('boundary='.length);
  const boundary = /^"([^"]*)"/.exec(stated ?? '')?.[1] ?? stated;
  return boundary === undefined || boundary === '' || boundary.length > MAX_BOUNDARY ? undefined : boundary;
}

function readPart(part: Buffer): (FormField & { readonly name: string }) | undefined {
  const head = part.subarray(0, MAX_HEAD).indexOf('\r\n\r\n');
  if (head < 0) return undefined;
  const disposition = /^content-disposition:(.*)$/im.exec(part.toString('utf8', 0, head))?.[1] ?? '';
  const name = /;\s*name="([^"]*)"/.exec(disposition)?.[1];
  if (name === undefined) return undefined;
  const fileName = /;\s*filename="([^"]*)"/.exec(disposition)?.[1];
  return { name, fileName, content: part.subarray(head + 4) };
}
