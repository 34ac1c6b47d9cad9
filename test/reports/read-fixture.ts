import type { Run } from '../../src/model/run.ts';
import { judgeRun } from '../../src/audit/judge-run.ts';
import { readJournalFile, readRun } from '../../src/run/read-run.ts';

/** The Run of a journal in test/fixtures/journals. */
export async function readFixture(name: string): Promise<Run> {
  const file = `test/fixtures/journals/${name}.jsonl`;
  return judgeRun(await readRun(file, readJournalFile(file)));
}

const reasons = ['programs that ignore proxy variables are not seen'];

/** A run of `true`, in which nothing happened. */
export const emptyRun: Run = {
  schemaVersion: 1,
  runs: [
    {
      runId: '20261121T013753Z-042f2e',
      tool: { name: 'proxaudit', version: '0.1.0' },
      command: ['true'],
      cwd: '/home/somebody',
      capture: 'env',
      host: { platform: 'linux', release: '6.8.0', arch: 'x64', node: '20.20.2' },
      startedAt: '2026-11-21T01:37:53.000Z',
      endedAt: '2026-11-21T01:37:53.104Z',
      exit: { kind: 'code', code: 0 },
      head: 'a'.repeat(64),
      integrity: { verdict: 'intact', problems: [] },
      completeness: { verdict: 'proxied-only', reasons },
    },
  ],
  counts: { connections: 0, exchanges: 0, failed: 0, bytesIn: 0, bytesOut: 0 },
  completeness: { verdict: 'proxied-only', reasons },
  hosts: [],
  processes: [],
  statuses: {},
  failures: [],
  tlsFailures: [],
  blindSpots: [],
  upstreamProxies: [],
  artifacts: [],
  lockfiles: [],
  unfinished: [],
  findings: [],
};
