import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { eventSchema } from '../../src/model/events.ts';
import { createJournalSchema } from '../../src/run/journal-schema.ts';

interface Branch {
  readonly properties: Record<string, { const?: unknown }>;
  readonly required: string[];
}

it('describes every event type, with the members of the chain required', () => {
  const schema = createJournalSchema() as { $schema: string; oneOf: Branch[] };
  expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
  const types = schema.oneOf.map((branch) => branch.properties['type']?.const);
  expect(types).toEqual(eventSchema.options.map((option) => option.shape.type.value));
  for (const { required } of schema.oneOf) {
    expect(required).toEqual(expect.arrayContaining(['v', 'seq', 'at', 'type', 'prev']));
  }
});

it('knows every member of the golden journal', () => {
  const { oneOf } = createJournalSchema() as { oneOf: Branch[] };
  for (const line of readFileSync('test/fixtures/journals/golden.jsonl', 'utf8').trimEnd().split('\n')) {
    const event = JSON.parse(line) as Record<string, unknown>;
    const branch = oneOf.find(({ properties }) => properties['type']?.const === event['type']);
    expect(Object.keys(branch?.properties ?? {})).toEqual(expect.arrayContaining(Object.keys(event)));
    expect(Object.keys(event)).toEqual(expect.arrayContaining(branch?.required ?? ['?']));
  }
});
