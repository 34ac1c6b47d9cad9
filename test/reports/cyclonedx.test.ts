import { describe, expect, it } from 'vitest';
import { cyclonedx } from '../../reports/cyclonedx.ts';
import { joinChunks } from '../../reports/renderer.ts';
import type { Run } from '../../src/model/run.ts';
import { createCheck, isSchemaMissing, NEEDS_SCHEMAS, readSchemaFile } from '../helpers/official-schemas.ts';
import { hostileRun } from './hostile-run.ts';
import { emptyRun, readFixture } from './read-fixture.ts';

interface Component {
  readonly [member: string]: unknown;
  readonly 'bom-ref': string;
  readonly properties: readonly { readonly name: string; readonly value: string }[];
}
interface Bom {
  readonly serialNumber: string;
  readonly metadata: { readonly timestamp?: string };
  readonly components: readonly Component[];
  readonly compositions: readonly { readonly aggregate: string }[];
  readonly formulation: readonly { readonly components?: readonly Component[] }[];
}

const render = (run: Run): Bom => JSON.parse(joinChunks(cyclonedx.render(run))) as Bom;

async function find(name: string): Promise<Component> {
  const found = render(await readFixture('evidence')).components.find(
    (component) => component['name'] === name,
  );
  if (found === undefined) throw new Error(`no component ${name}`);
  return found;
}

const valuesOf = ({ properties }: Component, name: string): string[] =>
  properties.filter((property) => property.name === `proxaudit:${name}`).map(({ value }) => value);

describe.skipIf(isSchemaMissing)(`is valid by the official schema ${NEEDS_SCHEMAS}`, () => {
  const check = isSchemaMissing
    ? () => ['not checked']
    : createCheck(readSchemaFile('cyclonedx', 'bom-1.6.schema.json'), [
        {
          $id: 'http://cyclonedx.org/schema/spdx.schema.json',
          ...readSchemaFile('cyclonedx', 'spdx.schema.json'),
        },
        {
          $id: 'http://cyclonedx.org/schema/jsf-0.82.schema.json',
          ...readSchemaFile('cyclonedx', 'jsf-0.82.schema.json'),
        },
      ]);

  it.each(['evidence', 'npm', 'golden', 'hostile', 'truncated', 'tampered'])('for %s', async (name) => {
    expect(check(render(await readFixture(name)))).toEqual([]);
  });

  it('for nothing, and for hostile text', () => {
    expect(check(render(emptyRun))).toEqual([]);
    expect(check(render({ ...emptyRun, runs: [] }))).toEqual([]);
    expect(check(render(hostileRun))).toEqual([]);
  });

  it('and the check sees what is not', () => {
    expect(check({ ...render(emptyRun), serialNumber: 'urn:uuid:1' })).not.toEqual([]);
    expect(check({ ...render(emptyRun), extra: 1 })).not.toEqual([]);
  });
});

it('a package has its group, digests, purl, verdict, and the line that locks it', async () => {
  const tool = await find('tool');
  expect(tool).toMatchObject({
    type: 'library',
    'bom-ref': 'pkg:npm/%40scope/tool@2.0.0-rc.1',
    group: '@scope',
    version: '2.0.0-rc.1',
    purl: 'pkg:npm/%40scope/tool@2.0.0-rc.1',
    evidence: {
      identity: [
        {
          field: 'purl',
          confidence: 1,
          methods: [{ technique: 'filename' }, { technique: 'hash-comparison' }],
        },
      ],
      occurrences: [{ location: 'package-lock.json', line: 18 }],
    },
  });
  expect((tool['hashes'] as { alg: string }[]).map(({ alg }) => alg)).toEqual([
    'SHA-1',
    'SHA-256',
    'SHA-512',
  ]);
  expect(valuesOf(tool, 'verdict')).toEqual(['locked']);
  expect(valuesOf(tool, 'identifiedBy')).toEqual(['path']);
  expect(valuesOf(tool, 'expected')[0]).toMatch(
    /^match: sha512 [0-9a-f]{128} by lockfile package-lock\.json:18$/,
  );
});

it('a redirect is told from the URL that was asked for to the one that answered', async () => {
  const { externalReferences } = await find('tool');
  expect(externalReferences).toMatchObject([
    { type: 'distribution', url: 'https://registry.example/@scope/tool/-/tool-2.0.0-rc.1.tgz' },
    { type: 'distribution', url: 'https://blobs.example/opaque?sig=REDACTED', comment: 'redirected to' },
  ]);
});

it('bytes that are not the expected ones are no evidence of a name', async () => {
  const colour = await find('colour');
  expect(colour['evidence']).toMatchObject({
    identity: [{ confidence: 0.7, methods: [{ technique: 'filename' }] }],
  });
  expect(valuesOf(colour, 'verdict')).toEqual(['mismatch']);
});

it('what the command sent is no component, but an output of the run', async () => {
  const { components, formulation } = render(await readFixture('evidence'));
  expect(components.map(({ name }) => name)).not.toContain('shop');
  const [sent, ...others] = formulation[0]?.components ?? [];
  expect(sent).toMatchObject({ name: 'shop' });
  expect(sent === undefined ? [] : valuesOf(sent, 'direction')).toEqual(['sent']);
  expect(others).toEqual([]);
});

it('never says that it is complete', async () => {
  const run = await readFixture('evidence');
  const aggregate = (verdict: Run['completeness']['verdict']) =>
    render({ ...run, completeness: { verdict, reasons: [] } }).compositions[0]?.aggregate;
  expect(aggregate('complete')).toBe('unknown');
  expect(aggregate('proxied-only')).toBe('unknown');
  expect(aggregate('incomplete')).toBe('incomplete');
  expect(render(await readFixture('tampered')).compositions[0]?.aggregate).toBe('incomplete');
});

it('the same artifact in several runs has one reference each', async () => {
  const run = await readFixture('evidence');
  const { components } = render({ ...run, artifacts: [...run.artifacts, ...run.artifacts] });
  const refs = components.map((component) => component['bom-ref']);
  expect(new Set(refs).size).toBe(refs.length);
  expect(refs).toContain('pkg:npm/left-pad@1.3.0#2');
});

it('the serial number and the time are those of the journal', async () => {
  const [one, other] = [render(await readFixture('evidence')), render(await readFixture('npm'))];
  expect(one.serialNumber).toMatch(
    /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  expect(one.serialNumber).toBe(render(await readFixture('evidence')).serialNumber);
  expect(one.serialNumber).not.toBe(other.serialNumber);
  expect(one.metadata.timestamp).toBe((await readFixture('evidence')).runs[0]?.endedAt);
});
