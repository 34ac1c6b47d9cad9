import type { AuditError } from '../support/errors.ts';

/** Makes the error for a problem at a place in a file. */
export type Fail = (offset: number | undefined, problem: string, hint?: string) => AuditError;

/** Where a node of a YAML document begins; undefined where it is none. */
export function offsetOf(node: unknown): number | undefined {
  const range: unknown =
    typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : undefined;
}
