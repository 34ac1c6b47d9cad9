import { parseAllDocuments, type Document } from 'yaml';

/** Aliases may stand for at most so many nodes: a small file must not become a large value. */
const MAX_ALIASES = 100;

/** The documents of a text, one after the other: pnpm puts those that it needs for itself into one of their own. */
export function parseYaml(text: string): unknown[] {
  const documents: Document[] = [
    ...parseAllDocuments(text, { prettyErrors: false, logLevel: 'error', schema: 'failsafe' }),
  ];
  return documents.map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown;
  });
}
