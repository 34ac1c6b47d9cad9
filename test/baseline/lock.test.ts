import { describe, expect, it } from 'vitest';
import { baselineOf, compareBaselines, formatLock, isSame, parseLock } from '../../src/baseline/index.ts';
import type { Artifact } from '../../src/model/artifact.ts';
import type { Baseline } from '../../src/model/baseline.ts';
import type { HostSummary } from '../../src/model/run.ts';
import { anArtifact } from '../findings/an-artifact.ts';
import { createRandom } from '../helpers/random.ts';

const sha256 = `sha256:${'ab'.repeat(32)}`;
const others = `sha256:${'cd'.repeat(32)}`;

function baseline(hosts: readonly string[], artifacts: readonly Artifact[]): Baseline {
  const numbers = { requests: 1, failed: 0, bytesIn: 1, bytesOut: 0, tunnels: 0, statuses: {} };
  return baselineOf({ hosts: hosts.map((host): HostSummary => ({ host, ...numbers })), artifacts });
}

describe('a lock file', () => {
  it('has a host or an artifact a line, sorted', () => {
    const archive = {
      class: 'archive',
      purl: null,
      urls: ['https://a.example/x y.tgz?token=1'],
      fileName: 'x y.tgz',
    };
    const made = baseline(
      ['b.example:22', 'a.example', 'b.example:22'],
      [
        anArtifact('b'),
        anArtifact('a', { digests: { gitCommit: 'ab'.repeat(20) }, class: 'commit' }),
        anArtifact('sent', { direction: 'sent' }),
        anArtifact('x', archive as Partial<Artifact>),
        anArtifact('none', { digests: {} }),
        anArtifact('b'),
      ],
    );
    expect(formatLock(made).replace(/^#.*\n/gm, '')).toBe(
      [
        'version 1\n\nhost a.example\nhost b.example:22\n',
        `artifact https://a.example/x%20y.tgz ${sha256} x%20y.tgz`,
        `artifact pkg:npm/a@1.0.0 gitCommit:${'ab'.repeat(20)}`,
        `artifact pkg:npm/b@1.0.0 ${sha256}`,
        'artifact pkg:npm/none@1.0.0 -\n',
      ].join('\n'),
    );
    expect(parseLock('x', formatLock(made))).toEqual(made);
  });

  it('is read in any order, with comments, and whatever the line ends', () => {
    const text = `\r\n# ours\r\nversion 1\r\nartifact b ${sha256}\r\nhost z\r\nhost a\r\nartifact a -`;
    expect(parseLock('x', text)).toEqual({
      hosts: ['a', 'z'],
      artifacts: [
        { subject: 'a', digest: null },
        { subject: 'b', digest: sha256 },
      ],
    });
  });

  it.each([
    ['', 1, 'expected "version 1", and there is nothing'],
    ['host a\n', 1, 'expected "version 1" first'],
    ['version 2\n', 1, 'expected "version 1": a newer proxaudit'],
    ['version 1\nhost\n', 2, 'expected "host NAME"'],
    ['version 1\nhost a b\n', 2, 'expected "host NAME"'],
    ['version 1\n\nhosts a\n', 3, 'expected "version", "host" or "artifact"'],
    ['version 1\nartifact a\n', 2, 'expected "artifact PURL-OR-URL DIGEST [FILE]"'],
    ['version 1\nartifact a sha256:ab\n', 2, 'expected a digest'],
    [`version 1\nartifact a ${sha256} b c\n`, 2, 'expected "artifact PURL-OR-URL DIGEST [FILE]"'],
    ['version 1\n<<<<<<< HEAD\n', 2, 'a merge conflict is not resolved'],
    ['version 1\nhost a\u202eb\n', 2, 'expected no control or invisible characters'],
    [`version 1\nhost ${'a'.repeat(20_000)}\n`, 2, 'expected at most 16384 characters'],
    ['\n'.repeat(500_001), 500_000, 'expected at most 500000 lines'],
  ])('like %j is refused with its line', (text, line, problem) => {
    const error = (() => {
      try {
        parseLock('my.lock', text);
      } catch (thrown) {
        return thrown;
      }
      return undefined;
    })();
    expect(error).toMatchObject({ code: 'bad-input', hint: expect.any(String) });
    expect((error as Error).message).toContain(`my.lock:${line}: ${problem}`);
  });

  it('says the same after it was written and read, whatever names things have', () => {
    const random = createRandom(7);
    const characters = [
      'a',
      'Z',
      '0',
      ' ',
      '\t',
      '\n',
      '\r',
      '#',
      '%',
      '@',
      '\u0000',
      '\u202e',
      'é',
      '😀',
      '\ud800',
      '-',
    ];
    const text = () =>
      Array.from(
        { length: 1 + Math.floor(random() * 12) },
        () => characters[Math.floor(random() * characters.length)],
      ).join('');
    for (let round = 0; round < 300; round++) {
      const made = baseline(
        [text(), text()],
        [
          anArtifact('a', { purl: text(), class: 'archive', fileName: text() }),
          anArtifact('b', { purl: null, urls: [text()] }),
          anArtifact('c', { purl: null, urls: [], name: text() }),
        ],
      );
      const file = formatLock(made);
      expect(parseLock('x', file)).toEqual(made);
      expect(formatLock(parseLock('x', file))).toBe(file);
    }
  });
});

describe('a difference', () => {
  const before = baseline(['a.example', 'b.example'], [anArtifact('a'), anArtifact('b'), anArtifact('c')]);

  it('of the same is none', () => {
    expect(isSame(compareBaselines(before, before))).toBe(true);
  });

  it('tells what is new, gone, of another version and of other bytes', () => {
    const digests = { sha256: 'cd'.repeat(32) };
    const after = baseline(
      ['b.example', 'c.example'],
      [anArtifact('a', { digests }), anArtifact('b', { purl: 'pkg:npm/b@2.0.0' }), anArtifact('d')],
    );
    expect(compareBaselines(before, after)).toEqual({
      addedHosts: ['c.example'],
      removedHosts: ['a.example'],
      addedArtifacts: [
        { subject: 'pkg:npm/b@2.0.0', digest: sha256 },
        { subject: 'pkg:npm/d@1.0.0', digest: sha256 },
      ],
      removedArtifacts: [
        { subject: 'pkg:npm/b@1.0.0', digest: sha256 },
        { subject: 'pkg:npm/c@1.0.0', digest: sha256 },
      ],
      changedVersions: [{ subject: 'pkg:npm/b', before: ['1.0.0'], after: ['2.0.0'] }],
      changedBytes: [{ subject: 'pkg:npm/a@1.0.0', before: [sha256], after: [others] }],
    });
  });

  it('is none in bytes where one of several is gone, or where nothing was computed', () => {
    const two = baseline([], [anArtifact('a'), anArtifact('a', { digests: { sha256: 'cd'.repeat(32) } })]);
    const one = baseline([], [anArtifact('a')]);
    const unknown = baseline([], [anArtifact('a', { digests: {} })]);
    expect(compareBaselines(two, one).changedBytes).toEqual([]);
    expect(compareBaselines(one, two).changedBytes).toHaveLength(1);
    expect(compareBaselines(unknown, one).changedBytes).toEqual([]);
    expect(compareBaselines(one, unknown).changedBytes).toEqual([]);
  });

  it('keeps the archives of one commit apart', () => {
    const archive = (fileName: string, sha: string) =>
      anArtifact('r', { class: 'archive', fileName, digests: { sha256: sha.repeat(32) } });
    const tar = baseline([], [archive('r.tar.gz', 'ab')]);
    const both = baseline([], [archive('r.tar.gz', 'ab'), archive('r.zip', 'cd')]);
    expect(compareBaselines(tar, both)).toMatchObject({
      changedBytes: [],
      addedArtifacts: [{ file: 'r.zip', digest: others }],
    });
  });
});
