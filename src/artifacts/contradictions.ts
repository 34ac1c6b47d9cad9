import type { Published } from './recogniser.ts';

/**
 * One document that states two digests of the same thing by the same algorithm says nothing of it: each client takes
 * another one of them. Neither is compared.
 */
export function contradictions(published: readonly Published[]): readonly Published[] {
  if (published.length < 2) return published;
  const isContradicted = ({ source, from, algorithm, value }: Published): boolean =>
    published.some(
      (one) =>
        one.source === source && one.from === from && one.algorithm === algorithm && one.value !== value,
    );
  return published.map((one) => (isContradicted(one) ? { ...one, comparable: false } : one));
}
