import { describe, expect, it } from 'vitest';
import { markdown } from '../../reports/markdown.ts';
import { joinChunks } from '../../reports/renderer.ts';
import { renderSummary } from '../../reports/summary.ts';
import { findFindings } from '../../src/findings/index.ts';
import type { Artifact, Verdict } from '../../src/model/artifact.ts';
import type { Run } from '../../src/model/run.ts';
import { readFixture } from './read-fixture.ts';

const sha256 = 'ab'.repeat(32);

function anArtifact(name: string, verdict: Verdict, change: Partial<Artifact> = {}): Artifact {
  return {
    ...{
      id: name,
      class: 'package',
      ecosystem: 'npm',
      purl: `pkg:npm/${name}@1.0.0`,
      name,
      version: '1.0.0',
    },
    ...{ fileName: null, urls: [`https://registry.example/${name}`], direction: 'fetched' },
    ...{ digests: { sha256 }, size: 2000, identifiedBy: 'path', expected: [], verdict, exchangeIds: ['x1'] },
    ...change,
  };
}

async function aRun(artifacts: Artifact[]): Promise<Run> {
  const lockfiles = [{ path: 'package-lock.json', digest: sha256, ecosystem: 'npm', entries: 3 }];
  const run = { ...(await readFixture('npm')), hosts: [], artifacts, lockfiles };
  return { ...run, findings: findFindings({ run, waivers: [], difference: null }) };
}

const mismatch = anArtifact('changed', 'mismatch', {
  expected: [
    {
      ...{ source: 'lockfile', from: 'package-lock.json', line: 17 },
      ...{ algorithm: 'sha512', value: 'cd', result: 'mismatch' },
    },
  ],
});

it('the summary counts artifacts by ecosystem, and names what a reader should look at', async () => {
  const summary = renderSummary(
    await aRun([
      anArtifact('a', 'locked'),
      anArtifact('b', 'locked'),
      anArtifact('stray', 'unlocked'),
      mismatch,
      anArtifact('c', 'published', { ecosystem: 'pypi' }),
      anArtifact('pushed', 'unchecked', { direction: 'sent' }),
    ]),
  );
  const block = summary.slice(summary.indexOf('  Artifacts'), summary.indexOf('  Who asked')).trimEnd();
  expect(block).toBe(`  Artifacts
  · npm: 4 (8.0 kB), 1 mismatch, 1 unlocked, 2 locked
  · pypi: 1 (2.0 kB), 1 published
    (published: as the registry itself said in this run, while no lockfile that
    was read has a digest of it)

  Findings
  ✗ mismatch: pkg:npm/changed@1.0.0: its bytes are not those of
    package-lock.json:17 (sha512 cd)
  ! unlocked: pkg:npm/stray@1.0.0: it is not in package-lock.json`);
});

it('the summary names what no registry does, with its digest, and everything with verbose', async () => {
  const file = {
    class: 'script',
    ecosystem: 'generic',
    purl: 'pkg:generic/x?download_url=https:%2F%2F',
  } as const;
  const files = ['a', 'b', 'c', 'd'].map((name) => anArtifact(`${name}.sh?v=1`, 'unchecked', file));
  const run = await aRun([anArtifact('left-pad', 'locked'), ...files]);
  const short = renderSummary(run);
  expect(short).toContain(
    `  ↓ https://registry.example/a.sh  2.0 kB  unchecked\n    sha256:${sha256}\n  ↓ https://`,
  );
  expect(short).toContain(`    sha256:${sha256}\n  … and 1 more (--verbose shows all)\n`);
  expect(short).not.toContain('left-pad');
  const whole = renderSummary(run, { verbose: true });
  expect(whole).toContain('  ↓ pkg:npm/left-pad@1.0.0  2.0 kB  locked\n  ↓ https://registry.example/a.sh  ');
  expect(whole).toContain('  ↓ https://registry.example/d.sh  2.0 kB  unchecked\n');
});

it('Markdown lists every artifact with its digest', async () => {
  const text = joinChunks(markdown.render(await aRun([anArtifact('a', 'locked'), mismatch])));
  expect(text).toContain('Checked against `package-lock.json`.');
  expect(text).toContain('| npm | 2 | 4.0 kB | 1 mismatch, 1 locked |');
  expect(text).toContain(
    '- **mismatch** `pkg:npm/changed@1.0.0`: its bytes are not those of package-lock.json:17',
  );
  expect(text).toContain(`| \`pkg:npm/a@1.0.0\` | 2.0 kB | \`${sha256}\` | locked |`);
});

it('Markdown says once that a finding is waived, and why', async () => {
  const run = await aRun([anArtifact('stray', 'unlocked')]);
  const waiver = { reason: 'our own', expires: '2027-01-01' };
  const findings = run.findings.map((finding) => ({ ...finding, waiver }));
  expect(joinChunks(markdown.render({ ...run, findings }))).toContain(
    '- unlocked `pkg:npm/stray@1.0.0`: it is not in package-lock.json; waived: our own (until 2027-01-01)\n',
  );
});

it('Markdown of very many artifacts with very long names stays within a step summary', async () => {
  const many = Array.from({ length: 5000 }, (_, index) =>
    anArtifact(`${index}-${'x'.repeat(2000)}`, 'unlocked'),
  );
  const text = joinChunks(markdown.render(await aRun(many)));
  expect(Buffer.byteLength(text)).toBeLessThan(900 * 1024);
  expect(text).toContain('… and 4,800 more');
});

it('a name cannot draw on the terminal, nor leave its cell', async () => {
  const evil = anArtifact('\u001b[2J|`<b>\u202e', 'unlocked', { purl: null });
  const run = await aRun([evil]);
  expect(renderSummary(run)).not.toMatch(/[\u001b\u202e]/);
  const line = joinChunks(markdown.render(run))
    .split('\n')
    .find((row) => row.includes('2.0 kB') && row.includes(sha256));
  expect(line).not.toMatch(/[\u001b\u202e]/);
  expect(line?.replaceAll('\\|', '').split('|')).toHaveLength(7);
});

describe('commits', () => {
  const [old, fresh] = ['0123456789abcdef'.repeat(3).slice(0, 40), 'fedcba9876543210'.repeat(3).slice(0, 40)];
  const aCommit = (name: string, change: Partial<Artifact> = {}): Artifact =>
    anArtifact(name, 'unchecked', {
      ...{ class: 'commit', ecosystem: 'git', name: `forge.example/o/${name}`, commit: old, version: old },
      ...{ purl: `pkg:generic/${name}@${old}`, digests: { gitCommit: old } },
      ...change,
    });
  const refs = (...names: string[]) => names.map((name) => ({ name, object: old }));
  const commits = [
    aCommit('plain', { git: { refs: refs('refs/heads/main', 'refs/heads/a', 'refs/tags/b') } }),
    aCommit('shallow', {
      verdict: 'locked',
      git: { refs: refs('refs/tags/v1'), depth: 1, filter: 'blob:none' },
    }),
    aCommit('by-id', { git: { refs: [] } }),
    aCommit('pushed', {
      ...{ direction: 'sent', commit: fresh, digests: { gitCommit: fresh } },
      git: {
        refs: [
          { name: 'refs/heads/main', object: fresh, before: old },
          { name: 'refs/heads/topic', object: fresh },
        ],
      },
    }),
  ];

  it('are listed in the summary, by repository and ref', async () => {
    const summary = renderSummary(await aRun(commits));
    const block = summary.slice(summary.indexOf('  Artifacts')).split('\n\n')[0];
    expect(block).toBe(`  Artifacts
  · git: 3 (6.0 kB), 1 locked, 2 unchecked
    (unchecked: nothing in this run said what it must be)
  ↓ forge.example/o/plain at 0123456789ab (main and 2 more refs)
  ↓ forge.example/o/shallow at 0123456789ab (v1, depth 1, filter blob:none)
  ↓ forge.example/o/by-id at 0123456789ab
  ↑ sent to forge.example/o/pushed: fedcba987654 as main (was 0123456789ab),
    topic (new)`);
  });

  it('are listed in Markdown, in full', async () => {
    const text = joinChunks(markdown.render(await aRun(commits)));
    expect(text).toContain(`| \`forge.example/o/shallow v1\` | 2.0 kB | \`${old}\` | locked |`);
    expect(text).toContain(`| \`forge.example/o/by-id\` | 2.0 kB | \`${old}\` | unchecked |`);
    expect(text).toContain(`| \`forge.example/o/pushed main\` | 2.0 kB | \`${fresh}\` | sent, unchecked |`);
  });
});

describe('the legend of verdicts', () => {
  const legendOf = async (...verdicts: Verdict[]) => {
    const run = await aRun(verdicts.map((verdict, index) => anArtifact(`a${index}`, verdict)));
    const text = renderSummary(run, { columns: 500 });
    const [, legend] = /^ {4}\((.*)\)$/m.exec(text.slice(text.indexOf('  Artifacts'))) ?? [];
    const inMarkdown = /^\*([^*].*)\*$/m.exec(joinChunks(markdown.render(run)))?.[1];
    expect(inMarkdown).toBe(legend);
    return legend;
  };

  it('explains those that occur, and is not there for those that need no words', async () => {
    expect(await legendOf('locked', 'unlocked')).toBeUndefined();
    expect(await legendOf('locked', 'unchecked', 'unchecked')).toBe(
      'unchecked: nothing in this run said what it must be',
    );
    expect(await legendOf('unchecked', 'not-comparable', 'published')).toMatch(
      /^published: .*; not-comparable: .*; unchecked: [^:]*$/,
    );
  });
});

describe('findings that say the same of several artifacts', () => {
  const plain = (name: string, change: Partial<Artifact> = {}) =>
    anArtifact(name, 'published', {
      ecosystem: 'deb',
      purl: `pkg:deb/debian/${name}@1`,
      urls: [`http://deb.example/${name}.deb`],
      process: { pid: 9, name: 'http', command: ['/usr/lib/apt/methods/http'] },
      ...change,
    });
  const findingsOf = (text: string) =>
    text.slice(text.indexOf('  Findings'), text.indexOf('\n\n', text.indexOf('  Findings')));

  it('are one entry of the summary, by rule, host and process; verbose and Markdown have all', async () => {
    const curl = { pid: 10, name: 'curl', command: ['curl', 'http://deb.example/e.deb'] };
    const run = await aRun([
      ...['a', 'b', 'c'].map((name) => plain(name)),
      plain('d', { urls: ['http://other.example/d.deb'] }),
      plain('e', { process: curl }),
      anArtifact('stray', 'unlocked'),
      anArtifact('tray', 'unlocked'),
    ]);
    expect(findingsOf(renderSummary(run, { columns: 400 })).split('\n')).toEqual([
      '  Findings',
      '  ! unlocked: pkg:npm/stray@1.0.0 and 1 more: it is not in package-lock.json',
      '  ! plain-http: pkg:deb/debian/a@1 and 2 more: it came over plain HTTP from deb.example, and nothing trusted in this run says what its bytes must be, asked by /usr/lib/apt/methods/http',
      '  ! plain-http: pkg:deb/debian/d@1: it came over plain HTTP from other.example, and nothing trusted in this run says what its bytes must be, asked by /usr/lib/apt/methods/http',
      '  … and 1 more (--verbose shows all)',
    ]);
    const every = ['a', 'b', 'c', 'd', 'e'].map((name) => `pkg:deb/debian/${name}@1`);
    for (const text of [renderSummary(run, { verbose: true }), joinChunks(markdown.render(run))])
      for (const subject of every) expect(text).toMatch(new RegExp(`plain-http.*${subject}`));
  });

  it('keep the note that what is signed covers them', async () => {
    const covered = plain('f', {
      expected: [
        {
          ...{ source: 'index', from: 'http://deb.example/Packages' },
          ...{ algorithm: 'sha256', value: sha256, result: 'match' },
        },
      ],
    });
    const run = await aRun([plain('a'), plain('b'), covered]);
    const text = findingsOf(renderSummary(run));
    expect(text).toMatch(/plain-http: pkg:deb\/debian\/a@1 and 1 more: /);
    expect(text).toMatch(/\n {2}· 1 note$/);
    expect(renderSummary(run, { verbose: true }).replace(/\s+/g, ' ')).toContain(
      '· plain-http: deb.example: 1 artifact came over plain HTTP; signed metadata or a lockfile covers their bytes',
    );
  });
});
