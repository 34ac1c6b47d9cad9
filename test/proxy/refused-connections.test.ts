import { expect, it } from 'vitest';
import type { Fact, FactOf } from '../../src/model/events.ts';
import { RefusedConnections } from '../../src/proxy/refused-connections.ts';

const counted = (facts: readonly Fact[], subject: string): number[] =>
  facts
    .filter((fact): fact is FactOf<'blind-spot'> => fact.type === 'blind-spot' && fact.subject === subject)
    .map(({ count = 1 }) => count);

it('the first are told one by one, many together, and all of them', () => {
  const facts: Fact[] = [];
  const refused = new RefusedConnections((fact) => facts.push(fact));
  for (let index = 0; index < 10_000; index++) refused.add({ subject: 'too many' });
  expect(counted(facts, 'too many').slice(0, 8)).toEqual([1, 1, 1, 1, 1, 5, 10, 20]);
  refused.conclude();
  refused.conclude();
  expect(facts.length).toBeLessThan(20);
  expect(counted(facts, 'too many').reduce((sum, count) => sum + count)).toBe(10_000);
});

it('there are not more subjects than can be kept in mind', () => {
  const facts: Fact[] = [];
  const refused = new RefusedConnections((fact) => facts.push(fact));
  for (let index = 0; index < 1_000; index++) refused.add({ subject: `reason ${index}` });
  refused.conclude();
  expect(facts.length).toBeLessThan(120);
  expect(counted(facts, 'others').reduce((sum, count) => sum + count)).toBe(900);
});

it('a journal that fails stops nobody', () => {
  const refused = new RefusedConnections(() => {
    throw new Error('no space left');
  });
  expect(() => {
    refused.add({ subject: 'any' });
  }).not.toThrow();
});
