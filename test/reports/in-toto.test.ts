import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { joinChunks, renderers } from '../../reports/index.ts';
import type { Run } from '../../src/model/run.ts';
import { hostileRun } from './hostile-run.ts';
import { emptyRun, readFixture } from './read-fixture.ts';

interface Resource {
  readonly name?: string;
  readonly uri?: string;
  readonly digest?: Readonly<Record<string, string>>;
  readonly downloadLocation?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}
interface Statement {
  readonly _type: string;
  readonly subject: readonly Resource[];
  readonly predicateType: string;
  readonly predicate: Readonly<Record<string, unknown>>;
}

const formats = ['intoto', 'slsa'] as const;
const text = (format: 'intoto' | 'predicate' | 'slsa', run: Run) => joinChunks(renderers[format].render(run));
const statement = (format: 'intoto' | 'slsa', run: Run): Statement =>
  JSON.parse(text(format, run)) as Statement;
const provenance = (run: Run) =>
  statement('slsa', run).predicate as {
    buildDefinition: Record<string, unknown> & { resolvedDependencies: Resource[] };
    runDetails: Record<string, unknown> & { builder: { id: string } };
  };

/** What RFC 3986 calls a URI: with a scheme, and of ASCII that may stand in one. */
const URI = /^[a-z][a-z0-9+.-]*:(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/i;
/** How many hex digits each algorithm has. */
const LENGTHS: Readonly<Record<string, readonly number[]>> = {
  ...{ sha256: [64], sha384: [96], sha512: [128], sha1: [40], md5: [32], dirHash: [64], gitCommit: [40, 64] },
};
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

/** By https://github.com/in-toto/attestation/blob/main/spec/v1/resource_descriptor.md */
function problemsOf(resource: Resource): string[] {
  const { uri, digest, downloadLocation } = resource;
  const digests = Object.entries(digest ?? {}).filter(
    ([algorithm, value]) => !/^[0-9a-f]+$/.test(value) || LENGTHS[algorithm]?.includes(value.length) !== true,
  );
  return [
    ...(uri === undefined && digest === undefined ? ['neither uri nor digest'] : []),
    ...[uri, downloadLocation]
      .filter((text) => text !== undefined && !URI.test(text))
      .map((text) => `no URI: ${text}`),
    ...digests.map(([algorithm, value]) => `no digest: ${algorithm} ${value}`),
  ];
}

describe.each(formats)('%s', (format) => {
  it.each(['evidence', 'npm', 'golden', 'hostile', 'truncated', 'tampered', 'empty', 'none', 'hostile text'])(
    'is a statement about something with a digest, for %s',
    async (name) => {
      const made: Record<string, Run> = {
        empty: emptyRun,
        none: { ...emptyRun, runs: [] },
        'hostile text': hostileRun,
      };
      const { _type, subject, predicateType, predicate } = statement(
        format,
        made[name] ?? (await readFixture(name)),
      );
      expect(_type).toBe('https://in-toto.io/Statement/v1');
      expect(predicateType).toMatch(URI);
      expect(predicate).toBeTypeOf('object');
      expect(subject.length).toBeGreaterThan(0);
      expect(subject.filter(({ digest }) => Object.keys(digest ?? {}).length === 0)).toEqual([]);
      expect(subject.flatMap(problemsOf)).toEqual([]);
      for (const key of ['name', 'uri'] as const) {
        const values = subject.flatMap((resource) => resource[key] ?? []);
        expect(new Set(values).size).toBe(values.length);
      }
    },
  );

  it('is about no journal that was changed, but about the predicate', async () => {
    const run = await readFixture('tampered');
    const { subject, predicate } = statement(format, run);
    const printed = `${JSON.stringify(predicate, null, 2)}\n`;
    expect(subject).toEqual([
      { name: 'predicate', digest: { sha256: createHash('sha256').update(printed).digest('hex') } },
    ]);
    if (format === 'intoto') expect(text('predicate', run)).toBe(printed);
  });

  it('of several journals is about each', async () => {
    const [one, other] = [await readFixture('evidence'), await readFixture('npm')];
    const { subject } = statement(format, { ...one, runs: [...one.runs, ...other.runs, ...one.runs] });
    const heads = subject.flatMap(({ digest }) => digest?.['sha256'] ?? []);
    expect(heads).toEqual([one.runs[0]?.head, other.runs[0]?.head]);
  });
});

it('the head names the last line before the end of the journal', async () => {
  const line =
    readFileSync('test/fixtures/journals/evidence.jsonl', 'utf8').trimEnd().split('\n').at(-2) ?? '';
  const { subject } = statement('slsa', await readFixture('evidence'));
  expect(subject).toMatchObject([{ digest: { sha256: createHash('sha256').update(line).digest('hex') } }]);
});

it('a trace is about the commit, provenance depends on it', async () => {
  const run = await readFixture('evidence');
  const git = run.runs[0]?.git;
  const commit = {
    name: git?.remote,
    uri: `git+${git?.remote}@${git?.commit}`,
    digest: { gitCommit: git?.commit },
  };
  expect(statement('intoto', run).subject[0]).toEqual(commit);
  expect(statement('slsa', run).subject).not.toContainEqual(commit);
  expect(provenance(run).buildDefinition.resolvedDependencies[0]).toEqual(commit);
});

describe('a runtime trace', () => {
  it('has what the specification requires', async () => {
    for (const run of [await readFixture('evidence'), await readFixture('npm'), emptyRun, hostileRun]) {
      const { predicateType, predicate } = statement('intoto', run);
      expect(predicateType).toBe('https://in-toto.io/attestation/runtime-trace/v0.1');
      expect(predicate).toMatchObject({
        monitor: { type: expect.stringMatching(URI) },
        monitoredProcess: {
          hostID: expect.stringMatching(URI),
          type: expect.stringMatching(URI),
          event: run.runs[0]?.runId,
        },
        monitorLog: { process: expect.any(Array), network: expect.any(Array) },
        metadata: {
          buildStartedOn: expect.stringMatching(TIMESTAMP),
          buildFinishedOn: expect.stringMatching(TIMESTAMP),
        },
      });
    }
  });

  it('names every host, with its port or address where it has one', async () => {
    const run = await readFixture('evidence');
    const host = run.hosts[0];
    if (host === undefined) throw new Error('no host');
    const names = ['a.example', 'b.example:8443', '192.0.2.1:81', '[2001:db8::1]:8080'];
    const hosts = names.map((name) => ({ ...host, host: name }));
    const { monitorLog } = statement('intoto', { ...run, hosts }).predicate as {
      monitorLog: { network: Record<string, unknown>[] };
    };
    expect(monitorLog.network.map(({ hostname, ip, port }) => ({ hostname, ip, port }))).toEqual([
      { hostname: 'a.example' },
      { hostname: 'b.example', port: 8443 },
      { ip: '192.0.2.1', port: 81 },
      { ip: '2001:db8::1', port: 8080 },
    ]);
  });

  it('is the same alone', async () => {
    const run = await readFixture('evidence');
    expect(JSON.parse(text('predicate', run))).toEqual(statement('intoto', run).predicate);
  });

  it('says what was sent apart from what was fetched', async () => {
    const { proxaudit_fetched: fetched, proxaudit_sent: sent } = statement(
      'intoto',
      await readFixture('evidence'),
    ).predicate as Record<string, Resource[]>;
    expect(sent?.map(({ uri }) => uri)).toEqual(['pkg:npm/shop@0.3.0']);
    expect(fetched).toHaveLength(8);
  });
});

describe('provenance', () => {
  it('has what SLSA requires, and claims to be no builder of somebody else', async () => {
    for (const run of [await readFixture('evidence'), emptyRun, hostileRun]) {
      expect(statement('slsa', run).predicateType).toBe('https://slsa.dev/provenance/v1');
      const { buildDefinition, runDetails } = provenance(run);
      expect(buildDefinition['buildType']).toMatch(URI);
      expect(buildDefinition['externalParameters']).toEqual({
        commands: run.runs.map(({ command }) => command),
      });
      expect(runDetails.builder.id).toMatch(/^urn:proxaudit:/);
      expect(runDetails['metadata']).toMatchObject({
        invocationId: run.runs[0]?.runId,
        startedOn: expect.stringMatching(TIMESTAMP),
        finishedOn: expect.stringMatching(TIMESTAMP),
      });
    }
  });

  it('resolves to what was fetched, with every digest', async () => {
    const { resolvedDependencies } = provenance(await readFixture('evidence')).buildDefinition;
    expect(resolvedDependencies.flatMap(problemsOf)).toEqual([]);
    const [, ...fetched] = resolvedDependencies;
    expect(fetched).toHaveLength(8);
    const find = (uri: string) => fetched.find((resource) => resource.uri === uri);
    expect(find('pkg:npm/left-pad@1.3.0')).toMatchObject({
      name: 'left-pad-1.3.0.tgz',
      digest: { sha256: expect.any(String), sha512: expect.any(String), sha1: expect.any(String) },
      downloadLocation: 'https://registry.example/left-pad/-/left-pad-1.3.0.tgz',
      annotations: { verdict: 'locked', identifiedBy: 'path' },
    });
    expect(find('pkg:golang/example.org/greet@v1.2.3')?.digest).toMatchObject({
      dirHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(find('pkg:npm/shop@0.3.0')).toBeUndefined();
  });

  it('of hostile text has descriptors all the same', () => {
    expect(provenance(hostileRun).buildDefinition.resolvedDependencies.flatMap(problemsOf)).toEqual([]);
  });
});
