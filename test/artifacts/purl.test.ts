import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildPurl } from '../../src/artifacts/purl.ts';
import { isSchemaMissing, NEEDS_SCHEMAS, readSchemaFile } from '../helpers/official-schemas.ts';

type Members = Readonly<Record<'type' | 'name', string | null>> &
  Readonly<Record<'namespace' | 'version' | 'subpath', string | null>> & {
    readonly qualifiers: Readonly<Record<string, string>> | null;
  };
interface Case {
  readonly test_type: 'build' | 'parse' | 'validate';
  readonly input: Members | string;
  readonly expected_output: string | null;
  readonly expected_failure: boolean;
}

const files = isSchemaMissing
  ? []
  : [
      'specification-test.json',
      ...readdirSync('../shared/schemas/purl/types').map((name) => `types/${name}`),
    ];
const cases = files.flatMap((file) =>
  readSchemaFile<{ tests: Case[] }>('purl', ...file.split('/')).tests.map((test) => ({ file, ...test })),
);
const builds = cases.flatMap(({ input, ...test }) =>
  test.test_type === 'build' && typeof input === 'object' ? [{ ...test, input }] : [],
);

function build({ type, name, namespace, version, qualifiers, subpath }: Members): string {
  return buildPurl({
    type: type ?? '',
    name: name ?? '',
    namespace: namespace ?? undefined,
    version: version ?? undefined,
    qualifiers: qualifiers ?? {},
    subpath: subpath ?? undefined,
  });
}

/**
 * Left out, with the reason. Cases to parse or to bring into canonical form are no builds: the product reads no package
 * URLs, it only makes them.
 */
const leftOut = (test: Case & { readonly input: Members }): string | undefined =>
  test.expected_failure ? 'recognisers give what is valid: the builder refuses nothing' : undefined;

describe.skipIf(isSchemaMissing)(`package URLs by the official cases ${NEEDS_SCHEMAS}`, () => {
  it.each(files)('of %s', (file) => {
    const own = builds.filter((test) => test.file === file && leftOut(test) === undefined);
    expect(own.map(({ input }) => build(input))).toEqual(own.map((test) => test.expected_output));
  });

  it('are many, and few are left out', () => {
    expect(builds.length).toBeGreaterThan(150);
    expect(builds.filter((test) => leftOut(test) !== undefined).length).toBeLessThan(builds.length / 8);
  });
});
