import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatIds } from '../../reports/format-ids.ts';
import { joinChunks, renderers } from '../../reports/index.ts';
import { formatOf, SIGNATURE_BYTES } from '../../reports/signatures.ts';
import { hostileRun } from './hostile-run.ts';
import { emptyRun, readFixture } from './read-fixture.ts';

describe.each(formatIds)('a report as %s', (id) => {
  it('is known again, of whatever run, and compact too', async () => {
    const fixtures = ['npm', 'evidence', 'golden', 'truncated', 'tampered', 'hostile'].map(readFixture);
    for (const run of [...(await Promise.all(fixtures)), emptyRun, hostileRun]) {
      const text = joinChunks(renderers[id].render(run));
      expect(formatOf(text.slice(0, SIGNATURE_BYTES))).toBe(id);
      if (id !== 'markdown')
        expect(formatOf(JSON.stringify(JSON.parse(text)).slice(0, SIGNATURE_BYTES))).toBe(id);
    }
  });
});

it.each<[name: string, text: string]>([
  ['nothing', ''],
  ['package.json', readFileSync('package.json', 'utf8')],
  ['package-lock.json', readFileSync('package-lock.json', 'utf8').slice(0, SIGNATURE_BYTES)],
  ['a source file', readFileSync('reports/json.ts', 'utf8')],
  ['a README that tells of us', readFileSync('README.md', 'utf8')],
  ['our changelog', readFileSync('CHANGELOG.md', 'utf8')],
  ['a configuration with a schema', '{ "$schema": "https://schemas.example/x.json", "version": "2.1.0", "runs": [] }'],
  ['a BOM of another tool', '{"$schema":"x","bomFormat":"CycloneDX","metadata":{"tools":{"components":[{"type":"application","name":"other"}]}}}'],
  ['a BOM that has us as a component', '{"bomFormat":"CycloneDX","components":[{"type":"application","name":"proxaudit"}]}'],
  ['findings of another tool', '{"$schema":"x","version":"2.1.0","runs":[{"tool":{"driver":{"name":"eslint"}}}]}'],
  ['a statement of another tool', '{"_type":"https://in-toto.io/Statement/v1","subject":[],"predicateType":"x","predicate":{"monitor":{"type":"other"}}}'],
  ['JSON with our version alone', '{"schemaVersion":1,"runs":[]}'],
  ['a journal', readFileSync('test/fixtures/journals/golden.jsonl', 'utf8')],
  ['a lock file', 'version 1\n\nhost registry.example\n'],
])('%s is no report of ours', (_name, text) => {
  expect(formatOf(text)).toBeUndefined();
}); // prettier-ignore
