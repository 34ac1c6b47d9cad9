import type { Artifact } from '../../src/model/artifact.ts';
import type { Run } from '../../src/model/run.ts';
import { emptyRun } from './read-fixture.ts';

/** Text that breaks what is careless: controls, markup, escapes, quotes, halves of characters, other scripts. */
export const hostileText =
  'a\u0000\u001b[2J\u202e\u2028"\\<b>|`%zz%00 [x]{y}^\n::error::\ud800 \u{e0041} ünïcødé #1#2 \u009b';

function aHostileArtifact(text: string, index: number): Artifact {
  const process = { pid: 1, name: text, command: [text], package: text, script: text };
  return {
    ...{ id: `a${index}`, class: 'package', ecosystem: text, purl: null, name: text, version: text },
    ...{ fileName: text, urls: [`https://host.example/${text}`, text], direction: 'fetched' },
    ...{ digests: { sha256: text, gitCommit: text }, size: 1, commit: text, identifiedBy: 'guess' },
    expected: [
      { source: 'lockfile', from: text, line: 3, algorithm: 'sha512', value: text, result: 'mismatch' },
    ],
    ...{ verdict: 'mismatch', exchangeIds: [text], process },
  };
}

/** A run that such text is all over. */
export const hostileRun: Run = {
  ...emptyRun,
  runs: emptyRun.runs.map((header) => ({
    ...header,
    runId: hostileText,
    command: [hostileText],
    cwd: hostileText,
  })),
  completeness: { verdict: 'incomplete', reasons: [hostileText] },
  hosts: [
    {
      host: hostileText,
      requests: 1,
      failed: 0,
      bytesIn: 1,
      bytesOut: 1,
      statuses: { [hostileText]: 1 },
      tunnels: 0,
      otherNames: [hostileText],
    },
  ],
  differingNames: [
    { names: { connect: hostileText, sni: 'a', authority: hostileText }, addresses: [hostileText], count: 1 },
  ],
  artifacts: ['', hostileText, '__proto__', '//', '%', '[::1', '\ud800'].map(aHostileArtifact),
  lockfiles: [{ path: hostileText, digest: 'ab'.repeat(32), ecosystem: hostileText, entries: 1 }],
};
