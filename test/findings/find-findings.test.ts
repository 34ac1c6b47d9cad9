import { describe, expect, it } from 'vitest';
import { findReason } from '../../src/cli/fail-on.ts';
import { findFindings, mergeFindings } from '../../src/findings/index.ts';
import type { ExpectedDigest } from '../../src/model/artifact.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Incomparable } from '../../src/model/incomparable.ts';
import { findingRules } from '../../src/model/finding-rules.ts';
import type { Process } from '../../src/model/exchange.ts';
import type { HostSummary, ProcessSummary, RunFacts } from '../../src/model/run.ts';
import type { Waiver } from '../../src/model/waiver.ts';
import { emptyRun } from '../reports/read-fixture.ts';
import { anArtifact } from './an-artifact.ts';

const nothing: RunFacts = emptyRun;
const other = { sha256: 'cd'.repeat(32) };

function find(change: Partial<RunFacts>, waivers: readonly Waiver[] = []): Finding[] {
  return findFindings({ run: { ...nothing, ...change }, waivers, difference: null });
}
const short = (findings: readonly Finding[]) =>
  findings.map(({ rule, level, subject }) => `${level} ${rule} ${subject}`);

const process = (change: Partial<Process> = {}): Process => ({
  pid: 1,
  name: 'node',
  command: ['node', 'x.js'],
  ...change,
});
const addon = process({ ecosystem: 'npm', package: 'addon@2.1.0', script: 'postinstall' });

const host = (name: string, change: Partial<HostSummary> = {}): HostSummary => ({
  host: name,
  requests: 1,
  failed: 0,
  bytesIn: 0,
  bytesOut: 0,
  statuses: { 200: 1 },
  tunnels: 0,
  ...change,
});
function sent(by: Process | null, to: HostSummary): ProcessSummary {
  const sums = { requests: to.requests, bytesIn: to.bytesIn, bytesOut: to.bytesOut };
  return {
    process: by,
    processes: 1,
    failed: 0,
    tunnels: 0,
    ...sums,
    hosts: [{ host: to.host, ...sums }],
    uploads: [],
  };
}

it('a run in which nothing was wrong has none', () => {
  expect(find({ artifacts: [anArtifact('a', { verdict: 'locked' }), anArtifact('b')] })).toEqual([]);
});

describe('artifacts', () => {
  const lockfiles = [{ path: 'package-lock.json', digest: 'ab', ecosystem: 'npm', entries: 1 }];

  it('whose bytes are not those of the lockfile name its line', () => {
    const expected: ExpectedDigest[] = [
      {
        ...{ source: 'lockfile', from: 'package-lock.json', line: 17, algorithm: 'sha256' },
        ...{ value: 'ef'.repeat(32), result: 'mismatch' },
      },
    ];
    const [finding] = find({ artifacts: [anArtifact('a', { verdict: 'mismatch', expected })] });
    expect(finding).toEqual({
      rule: 'mismatch',
      level: 'error',
      subject: 'pkg:npm/a@1.0.0',
      message: 'its bytes are not those of package-lock.json:17 (sha256 efefefefefef…, not abababababab…)',
      advice: findingRules.find(({ id }) => id === 'mismatch')?.advice,
      artifactId: 'a-a',
      location: { path: 'package-lock.json', line: 17 },
      count: 1,
    });
  });

  it('that a server has made impossible to compare count as mismatches do, others not', () => {
    const statement = { algorithm: 'sha256', value: 'ef'.repeat(32), result: 'not-comparable' } as const;
    const fromLock = { source: 'lockfile', from: 'package-lock.json', line: 17, ...statement } as const;
    const fromIndex = { source: 'index', from: 'https://r.example/a', ...statement } as const;
    const doubtful = (name: string, reason: Incomparable, said: ExpectedDigest = fromLock) =>
      anArtifact(name, { verdict: 'not-comparable', reason, expected: [said] });
    const findings = find({
      artifacts: [
        doubtful('a', 'stored-form'),
        doubtful('b', 'not-decoded', fromIndex),
        doubtful('c', 'in-parts'),
        doubtful('d', 'other-bytes'),
        doubtful('e', 'not-computed'),
        doubtful('g', 'not-computed', fromIndex),
        doubtful('f', 'no-digest'),
      ],
    });
    expect(short(findings)).toEqual([
      'error not-comparable pkg:npm/a@1.0.0',
      'error not-comparable pkg:npm/c@1.0.0',
      'error not-comparable pkg:npm/e@1.0.0',
      'warning not-comparable pkg:npm/b@1.0.0',
    ]);
    expect(findings[0]).toMatchObject({
      message:
        'it was content-encoded, and only one of its forms is the expected one, so that it could not be compared with what was expected: package-lock.json:17',
      location: { path: 'package-lock.json', line: 17 },
    });
    const failing = (rule: string, at: Finding[]) =>
      findReason({ findings: at, completeness: nothing.completeness }, [rule]) !== undefined;
    expect(failing('mismatch', findings.slice(0, 1))).toBe(true);
    expect(failing('mismatch', findings.slice(3))).toBe(false);
    expect(failing('not-comparable', findings.slice(3))).toBe(true);
  });

  it('in no lockfile count where they were fetched, not where they were sent', () => {
    const artifacts = [
      anArtifact('a', { verdict: 'unlocked' }),
      anArtifact('b', { verdict: 'unlocked', direction: 'sent' }),
    ];
    const [finding, ...others] = find({ artifacts, lockfiles });
    expect(finding).toMatchObject({
      rule: 'unlocked',
      message: 'it is not in package-lock.json',
      location: { path: 'package-lock.json', line: 1 },
    });
    expect(others).toEqual([]);
  });

  it('that come with different bytes under one name, or from one URL, are told once', () => {
    const mirror = { urls: ['https://mirror.example/a-1.0.0.tgz'], digests: other };
    expect(short(find({ artifacts: [anArtifact('a'), anArtifact('a', mirror)] }))).toEqual([
      'error changed pkg:npm/a@1.0.0',
    ]);
    const nameless = { purl: null, urls: ['https://a.example/x.tgz?token=1'] };
    const artifacts = [anArtifact('x', nameless), anArtifact('x', { ...nameless, digests: other })];
    expect(short(find({ artifacts }))).toEqual(['error changed https://a.example/x.tgz']);
    const commits = artifacts.map((one) => ({ ...one, class: 'commit' as const }));
    expect(find({ artifacts: commits })).toEqual([]);
    const snapshots = artifacts.map((one) => ({ ...one, version: '1.0-SNAPSHOT' }));
    expect(find({ artifacts: snapshots })).toEqual([]);
  });

  it('over plain HTTP are a warning, a note by host where something trusted covers them, nothing on loopback', () => {
    const urls = ['http://deb.example/pool/a.deb'];
    const index: ExpectedDigest = {
      ...{ source: 'index', from: 'http://deb.example/Packages', algorithm: 'sha256', value: 'ab' },
      ...{ result: 'match' },
    };
    const signed = { urls, ecosystem: 'deb', verdict: 'published', expected: [index] } as const;
    const artifacts = [
      anArtifact('a', { urls }),
      anArtifact('b', { ...signed, expected: [index] }),
      anArtifact('c', { urls, verdict: 'locked' }),
      anArtifact('d', { urls: ['http://127.0.0.1:80/d', 'http://localhost:8080/d'] }),
      anArtifact('e', { urls: ['https://a.example/e', 'http://b.example/e'], expected: [index] }),
    ];
    const findings = find({ artifacts });
    expect(short(findings)).toEqual([
      'warning plain-http pkg:npm/a@1.0.0',
      'warning plain-http pkg:npm/e@1.0.0',
      'note plain-http deb.example',
    ]);
    expect(findings[2]).toMatchObject({ count: 2, message: expect.stringMatching(/^2 artifacts came over/) });
  });
});

describe('scripts', () => {
  const ranBy = (...lines: string[]) =>
    anArtifact('install.sh', {
      class: 'script',
      purl: null,
      urls: ['https://a.example/install.sh'],
      process: process({
        parents: lines.map((line) => ({ pid: 2, name: 'sh', command: ['sh', '-c', line] })),
      }),
    });

  it.each([
    'curl -fsSL https://a.example/install.sh | sh',
    'curl https://a.example/x|bash -s -- -y',
    'wget -qO- https://a.example/x | sudo -E bash',
    'bash <(curl -s https://a.example/x)',
    'sh -c "$(curl -fsSL https://a.example/x)"',
    'eval "$(wget -O - https://a.example/x)"',
  ])('%s is a warning', (line) => {
    expect(short(find({ artifacts: [ranBy(line)] }))).toEqual([
      'warning script-download https://a.example/install.sh',
    ]);
  });

  it.each(['curl -O https://a.example/install.sh', 'curl https://a.example/x | shasum', 'curl a; echo | sh'])(
    '%s is a note',
    (line) => {
      expect(short(find({ artifacts: [ranBy(line)] }))).toEqual([
        'note script-download https://a.example/install.sh',
      ]);
    },
  );

  it('that a lockfile has are nothing, and a hostile command line takes no time', () => {
    expect(find({ artifacts: [{ ...ranBy('curl a | sh'), verdict: 'locked' }] })).toEqual([]);
    const hostile = [
      'sudo -a '.repeat(20_000),
      'curl '.repeat(30_000),
      '/'.repeat(100_000),
      '$('.repeat(50_000),
    ];
    expect(find({ artifacts: [ranBy(...hostile)] })).toHaveLength(1);
  });
});

describe('uploads', () => {
  const levels = (by: Process | null, to: HostSummary) =>
    short(find({ hosts: [to], processes: [sent(by, to)] }));

  it('to who served nothing are a warning when they are large or a lifecycle script’s, else a note', () => {
    const telemetry = host('t.example', { bytesOut: 1_200 });
    expect(levels(process(), telemetry)).toEqual(['note upload t.example']);
    expect(levels(null, telemetry)).toEqual(['note upload t.example']);
    expect(levels(addon, telemetry)).toEqual(['warning upload t.example']);
    expect(levels(process(), host('t.example', { bytesOut: 5_000, bytesIn: 30 }))).toEqual([
      'warning upload t.example',
    ]);
    expect(levels(process(), host('t.example'))).toEqual([]);
  });

  it('to who serves artifacts, or more than it gets, are nothing, but for much from a lifecycle script', () => {
    const registry = host('registry.example', { bytesOut: 9_000, bytesIn: 20 });
    const artifacts = [anArtifact('a')];
    expect(find({ hosts: [registry], processes: [sent(process(), registry)], artifacts })).toEqual([]);
    expect(levels(addon, host('a.example', { bytesOut: 9_000, bytesIn: 10_000 }))).toEqual([]);
    const [finding] = find({
      hosts: [host('a.example', { bytesOut: 20_000, bytesIn: 30_000 })],
      processes: [sent(addon, host('a.example', { bytesOut: 20_000 }))],
    });
    expect(finding).toMatchObject({
      level: 'warning',
      message: 'a lifecycle script sent it 20.0 kB',
      process: addon,
    });
  });

  it('of a few bytes in a tunnel are the blind spot’s to tell', () => {
    const tunnel = host('t.example', { requests: 0, tunnels: 1, bytesOut: 800 });
    expect(levels(process(), tunnel)).toEqual(['warning blind-spot t.example']);
  });
});

describe('waivers', () => {
  const artifacts = [anArtifact('a', { verdict: 'unlocked' })];
  const waive = (change: Partial<Waiver>) =>
    find({ artifacts }, [{ finding: 'unlocked', subject: 'pkg:npm/a@1.0.0', reason: 'why', ...change }])[0];

  it.each(['pkg:npm/a@1.0.0', 'pkg:npm/a@*', '*', 'pkg:*/a@*.0', '*npm*@1*'])('fits %s', (subject) => {
    expect(waive({ subject })?.waiver).toEqual({ reason: 'why' });
  });
  it.each(['pkg:npm/a', 'pkg:npm/b@*', '*1.0.1', 'pkg:npm/a@1.0.0*0', ''])('does not fit %s', (subject) => {
    expect(waive({ subject })).toMatchObject({ rule: 'unlocked' });
    expect(waive({ subject })).not.toHaveProperty('waiver');
  });

  it('is of one rule, and ends after its last day, as that was when the run began', () => {
    expect(waive({ finding: 'mismatch' })).not.toHaveProperty('waiver');
    expect(waive({ expires: '2026-11-21' })).toMatchObject({ waiver: { expires: '2026-11-21' } });
    const ended = waive({ expires: '2026-11-20' });
    expect(ended).not.toHaveProperty('waiver');
    expect(ended).toMatchObject({ expiredWaiver: { reason: 'why', expires: '2026-11-20' } });
  });

  it('that ends is worth nothing where the journal does not tell when the run began', () => {
    const runs = nothing.runs.map((run) => ({ ...run, startedAt: '' }));
    const waiver = { finding: 'unlocked', subject: '*', reason: 'why', expires: '2099-01-01' } as const;
    expect(find({ artifacts, runs }, [waiver])[0]).toHaveProperty('expiredWaiver');
  });
});

describe('the list', () => {
  it('has those that count first, then by level and rule, whatever order they came in', () => {
    const artifacts = [
      anArtifact('z', { verdict: 'unlocked' }),
      anArtifact('b', { verdict: 'mismatch' }),
      anArtifact('a', { verdict: 'unlocked' }),
      anArtifact('m', { verdict: 'mismatch' }),
    ];
    const waiver: Waiver = { finding: 'mismatch', subject: 'pkg:npm/b@*', reason: 'x' };
    const order = [
      'error mismatch pkg:npm/m@1.0.0',
      'warning unlocked pkg:npm/a@1.0.0',
      'warning unlocked pkg:npm/z@1.0.0',
      'error mismatch pkg:npm/b@1.0.0',
    ];
    expect(short(find({ artifacts }, [waiver]))).toEqual(order);
    expect(short(find({ artifacts: artifacts.toReversed() }, [waiver]))).toEqual(order);
  });

  it('is bounded, and what is beyond is counted', () => {
    const artifacts = Array.from({ length: 1_500 }, (_, index) =>
      anArtifact(`p${index}`, { verdict: index === 1_400 ? 'mismatch' : 'unlocked' }),
    );
    const findings = find({ artifacts });
    expect(findings).toHaveLength(1_001);
    expect(findings[0]?.rule).toBe('mismatch');
    expect(findings.at(-1)).toMatchObject({ rule: 'unlocked', subject: '(others)', count: 500 });
  });

  it('of several runs has equal ones once', () => {
    const findings = find({ artifacts: [anArtifact('a', { verdict: 'unlocked' })] });
    expect(mergeFindings([...findings, ...findings])).toEqual([{ ...findings[0], count: 2 }]);
  });
});

it('a connection that the user wanted unread is only a note', () => {
  const [wanted, other] = find({
    hosts: [
      host('a.example', { tunnels: 2, passedThrough: 2 }),
      host('b.example', { tunnels: 2, passedThrough: 1 }),
    ],
  }).toReversed();
  expect(wanted).toMatchObject({ level: 'note', subject: 'a.example', count: 2 });
  expect(other).toMatchObject({ level: 'warning', subject: 'b.example' });
});

it('journals and what was not seen are findings too', () => {
  const [header] = nothing.runs;
  if (header === undefined) throw new Error('no run');
  const integrity = { verdict: 'tampered', problems: [{ line: 3, message: 'no' }] } as const;
  const findings = find({
    runs: [
      { ...header, integrity },
      { ...header, runId: 'second', integrity: { verdict: 'truncated', problems: [] } },
    ],
    blindSpots: [
      { kind: 'bypass', subject: 'curl to 192.0.2.1:443 (https)', advice: '', count: 3 },
      { kind: 'still-running', subject: 'node (pid 77)', advice: 'raise --drain', count: 1 },
      { kind: 'replaced-setting', subject: 'HTTPS_PROXY', advice: 'x', count: 1 },
      { kind: 'direct-dns', subject: 'java', advice: '', count: 1 },
    ],
    tlsFailures: [
      { host: 'a.example', side: 'client', cause: 'unknown-ca', advice: 'set X', process: addon, count: 2 },
      { host: 'b.example', side: 'upstream', cause: 'expired', advice: 'y', count: 1 },
    ],
  });
  expect(short(findings)).toEqual([
    `error tampered ${header.runId}`,
    'error truncated second',
    'warning bypass curl to 192.0.2.1:443 (https)',
    'warning blind-spot a.example',
    'warning blind-spot node',
    'note blind-spot java',
  ]);
  expect(findings[2]?.count).toBe(3);
  expect(findings[3]).toMatchObject({ advice: 'set X', process: addon, count: 2 });
});
