import { findingRules } from '../../src/model/finding-rules.ts';

export function describeRules(): object[] {
  return findingRules.map(({ id, level, title, help, advice }) => ({
    id,
    shortDescription: { text: title },
    fullDescription: { text: help },
    help: { text: `${help} ${advice}`, markdown: `${help}\n\n**What to do:** ${advice}` },
    defaultConfiguration: { level },
    properties: { tags: ['supply-chain'] },
  }));
}
