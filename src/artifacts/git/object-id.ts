/** The hash that a repository names its objects by. */
export type ObjectFormat = 'sha1' | 'sha256';

export function isObjectId(text: string | undefined): text is string {
  return text !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

/** Of what a journal can hold; `^{}` marks what a tag stands for, which is no ref. */
export function isRefName(text: string | undefined): text is string {
  return text !== undefined && text !== '' && text.length <= 1000 && !text.endsWith('^{}');
}

/** Stands for no object: of a ref that is created, or deleted. */
export function isNoObject(id: string): boolean {
  return /^0+$/.test(id);
}

export function formatOf(id: string): ObjectFormat {
  return id.length === 64 ? 'sha256' : 'sha1';
}
