import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';

const folder = resolve('..', 'shared', 'schemas');

/** For `describe.skipIf`: the official schemas are not part of this repository. `.ci/run` fails where they are missing. */
export const isSchemaMissing = !existsSync(folder);

/** Ends the title of what needs them; CI knows by it what may not be skipped. */
export const NEEDS_SCHEMAS = '(needs ../shared/schemas)';

export function readSchemaFile<T = object>(...path: readonly string[]): T {
  return JSON.parse(readFileSync(join(folder, ...path), 'utf8')) as T;
}

/** What is wrong with a document by a schema of draft 7; empty for one that is valid. */
export function createCheck(schema: object, others: readonly object[] = []): (document: unknown) => string[] {
  const ajv = new Ajv({ allErrors: true, strict: false });
  addFormats.default(ajv);
  const isUriReference = ajv.compile({ type: 'string', format: 'uri-reference' });
  // By RFC 3987 section 3.1: an IRI is what becomes a URI when what is not ASCII is percent-encoded.
  const isIriReference = (text: string) => isUriReference(text.replace(/[^\p{ASCII}]/gu, encodeURIComponent));
  ajv.addFormat('iri-reference', isIriReference);
  ajv.addFormat('idn-email', /^\S+@\S+$/);
  for (const other of others) ajv.addSchema(other);
  const validate = ajv.compile(schema);
  return (document) => (validate(document) ? [] : (validate.errors ?? []).slice(0, 20).map(describeError));
}

function describeError({ instancePath, message = '', params }: ErrorObject): string {
  return `${instancePath}: ${message} ${JSON.stringify(params)}`;
}
