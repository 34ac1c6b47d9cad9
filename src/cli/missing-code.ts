/** A file of the bundle that is not there or cannot be read. */
export class MissingCode extends Error {
  override readonly name = 'MissingCode';
}

export const REINSTALL = 'Install proxaudit again.';

/** By name: the entry of the bundle and the rest of it have each a class of their own. */
export function isMissingCode(error: unknown): error is Error {
  return error instanceof Error && error.name === 'MissingCode';
}
