import { describe, expect, it } from 'vitest';
import { joinChunks } from '../../reports/renderer.ts';
import { sarif } from '../../reports/sarif.ts';
import type { Finding } from '../../src/model/finding.ts';
import { findingRules } from '../../src/model/finding-rules.ts';
import type { Run } from '../../src/model/run.ts';
import { createCheck, isSchemaMissing, NEEDS_SCHEMAS, readSchemaFile } from '../helpers/official-schemas.ts';
import { hostileRun, hostileText } from './hostile-run.ts';
import { emptyRun, readFixture } from './read-fixture.ts';

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string; readonly uriBaseId: string };
      readonly region: { readonly startLine: number };
    };
  }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly suppressions: readonly object[];
}
interface Log {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly results: readonly Result[];
      readonly invocations: readonly { readonly executionSuccessful: boolean }[];
      readonly versionControlProvenance?: readonly object[];
    },
  ];
}

const render = (run: Run): Log => JSON.parse(joinChunks(sarif.render(run))) as Log;
const resultsOf = (run: Run) => render(run).runs[0].results;
const placesOf = (run: Run) =>
  resultsOf(run).map(({ locations: [place] }) => {
    const { artifactLocation, region } = place?.physicalLocation ?? {};
    return `${artifactLocation?.uri}:${region?.startLine}`;
  });

function aFinding(change: Partial<Finding> = {}): Finding {
  const facts = { rule: 'unlocked', level: 'warning', subject: 'pkg:npm/a@1' } as const;
  return { ...facts, message: 'it is in no lockfile', advice: 'Add it.', count: 1, ...change };
}

type Checkout = NonNullable<Run['runs'][number]['git']>;

function aRun(findings: Finding[], git?: Checkout): Run {
  return { ...emptyRun, runs: emptyRun.runs.map((run) => ({ ...run, ...(git && { git }) })), findings };
}

const everyRule = findingRules.map(({ id, level }) =>
  aFinding({ rule: id, level, subject: `${id} ${hostileText}` }),
);

describe.skipIf(isSchemaMissing)(`is valid by the official schema ${NEEDS_SCHEMAS}`, () => {
  // Of draft 4: what of it this schema uses is the same in draft 7, but for where its name stands.
  const { id, $schema, ...schema } = isSchemaMissing
    ? { id: '', $schema: '' }
    : readSchemaFile<{ id: string; $schema: string }>('sarif-schema-2.1.0.json');
  const check = createCheck(schema);

  it.each(['evidence', 'npm', 'golden', 'hostile', 'truncated', 'tampered'])('for %s', async (name) => {
    expect($schema).toContain('draft-04');
    const log = render(await readFixture(name));
    expect(check(log)).toEqual([]);
    expect(log).toMatchObject({ $schema: id });
  });

  it('for nothing, for every rule, and for hostile text', () => {
    for (const run of [
      emptyRun,
      { ...emptyRun, runs: [] },
      aRun(everyRule),
      { ...hostileRun, findings: everyRule },
    ]) {
      expect(check(render(run))).toEqual([]);
    }
  });

  it('and the check sees what is not', () => {
    expect(check({ ...render(emptyRun), version: '2.0.0' })).not.toEqual([]);
  });
});

it('has every rule with its help, and each result its own', () => {
  const [{ tool, results }] = render(aRun(everyRule)).runs;
  expect(tool.driver.rules.map((rule) => rule.id)).toEqual(findingRules.map((rule) => rule.id));
  expect(tool.driver.rules[0]).toMatchObject({ help: { text: expect.stringContaining('journal') } });
  for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
});

it('every result has a place in the repository', async () => {
  for (const run of [
    await readFixture('evidence'),
    await readFixture('tampered'),
    aRun(everyRule),
    hostileRun,
  ]) {
    for (const { locations } of resultsOf(run)) {
      expect(locations).toHaveLength(1);
      const place = locations[0]?.physicalLocation;
      expect(place?.artifactLocation.uriBaseId).toBe('%SRCROOT%');
      expect(place?.artifactLocation.uri).toMatch(/^[\w.~%!'()*-]+(?:\/[\w.~%!'()*-]+)*$/);
      expect(place?.region.startLine).toBeGreaterThanOrEqual(1);
    }
  }
});

describe('the place', () => {
  const lockfile = { path: 'package-lock.json', digest: 'a'.repeat(64), ecosystem: 'npm', entries: 1 };
  const commit = 'b'.repeat(40);

  it('is the line of the lockfile, from the root of the repository', async () => {
    expect(placesOf(await readFixture('evidence'))).toContain('web/package-lock.json:24');
  });

  it.each([
    ['a file', { path: 'a b/c#d.lock', line: 7 }, 'sub/a%20b/c%23d.lock:7'],
    ['a file above the working directory', { path: '../x.lock', line: 2 }, 'x.lock:2'],
    ['a file of another journal that was merged', { path: 'x', line: 2, fromRoot: 'other/x' }, 'other/x:2'],
    ['a file outside of the repository', { path: '../../x.lock', line: 2 }, 'sub/package-lock.json:1'],
    ['an absolute file', { path: '/etc/x.lock', line: 2 }, 'sub/package-lock.json:1'],
    ['a file of Windows', { path: 'C:\\x.lock', line: 2 }, 'sub/package-lock.json:1'],
    ['a line that there is not', { path: 'x', line: 0 }, 'sub/x:1'],
  ])('of %s', (_, location, place) => {
    const run = { ...aRun([aFinding({ location })], { commit, prefix: 'sub' }), lockfiles: [lockfile] };
    expect(placesOf(run)).toEqual([place]);
  });

  it('of what is about no file is the lockfile of its ecosystem, what stands for the repository, or any lockfile', () => {
    const npm = aFinding();
    const host = aFinding({ rule: 'new-host', subject: 'host.example' });
    const anchored = { commit, prefix: 'sub', anchor: 'sub/Makefile' };
    const places = (run: Run) => placesOf({ ...run, lockfiles: [lockfile] });
    expect(places(aRun([npm, host], anchored))).toEqual(['sub/package-lock.json:1', 'sub/Makefile:1']);
    expect(places(aRun([npm, host]))).toEqual(['package-lock.json:1', 'package-lock.json:1']);
    expect(placesOf(aRun([npm]))).toEqual(['proxaudit.yaml:1']);
  });
});

it('a fingerprint is the same in the next run, and another for another finding', () => {
  const fingerprints = (...findings: Finding[]) =>
    resultsOf(aRun(findings)).map(({ partialFingerprints }) => partialFingerprints['proxaudit/v1']);
  const [one] = fingerprints(aFinding());
  expect(fingerprints(aFinding({ message: 'other digests', count: 3 }))).toEqual([one]);
  const all = fingerprints(aFinding(), aFinding(), aFinding({ subject: 'x' }), aFinding({ rule: 'changed' }));
  expect(new Set(all).size).toBe(4);
  expect(all[0]).toBe(one);
});

it('what is waived is suppressed, and nothing else is', () => {
  const waived = aFinding({ waiver: { reason: 'our mirror', expires: '2027-01-31' } });
  expect(resultsOf(aRun([waived, aFinding()])).map(({ suppressions }) => suppressions)).toEqual([
    [{ kind: 'external', status: 'accepted', justification: 'our mirror (until 2027-01-31)' }],
    [],
  ]);
});

it('tells the revision, and whether all was recorded', async () => {
  const [{ versionControlProvenance, invocations }] = render(await readFixture('evidence')).runs;
  expect(versionControlProvenance).toMatchObject([
    {
      repositoryUri: 'https://forge.example/somebody/shop.git',
      branch: 'trunk',
      mappedTo: { uriBaseId: '%SRCROOT%' },
    },
  ]);
  expect(invocations).toMatchObject([{ executionSuccessful: true, exitCode: 0 }]);
  expect(render(await readFixture('truncated')).runs[0].invocations).toMatchObject([
    { executionSuccessful: false },
  ]);
});
