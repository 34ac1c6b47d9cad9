import { describe, expect, it } from 'vitest';
import { findFindings } from '../../src/findings/index.ts';
import type { Fact, FactOf } from '../../src/model/events.ts';
import type { RunFacts } from '../../src/model/run.ts';
import { createFold } from '../../src/run/fold.ts';
import { mergeRuns } from '../../src/run/merge-runs.ts';
import { renderSummary } from '../../reports/summary.ts';
import { exchange, runStarted } from './sample-facts.ts';

type Completed = FactOf<'exchange-completed'>;

function foldWhole(facts: readonly Fact[]) {
  const folding = createFold();
  for (const fact of [runStarted, ...facts]) folding.add({ at: '2026-11-21T01:37:53.000Z', ...fact });
  return folding.finish({ verdict: 'intact', problems: [] });
}
const fold = (...facts: Fact[]): RunFacts => foldWhole(facts).facts;
const findingsOf = (run: RunFacts, rule: string) =>
  findFindings({ run, waivers: [], difference: null }).filter((finding) => finding.rule === rule);
const show = (run: RunFacts): string =>
  renderSummary({ ...run, findings: findFindings({ run, waivers: [], difference: null }) });

function completed(id: string, changes: Partial<Completed>): Fact[] {
  const [started, whole] = exchange(id);
  return [started, { ...(whole as Completed), ...changes }];
}

const opened = (via: FactOf<'connection-opened'>['via'] = 'connect', host = 'far.example'): Fact => ({
  type: 'connection-opened',
  id: 'c1',
  client: { address: '127.0.0.1', port: 40_000 },
  via,
  destination: { host, port: 443 },
});
const closed = (error?: { code: string; message: string }): Fact => ({
  ...{ type: 'connection-closed', id: 'c1', bytesIn: 7, bytesOut: 5 },
  ...(error === undefined ? {} : { error }),
});

describe('an exchange that was not parsed', () => {
  const unparsed = { reason: 'content-length beside transfer-encoding' };
  // What came is not known: it may be all right.
  const facts = completed('x1', { unparsed, response: null });

  it('is a blind spot, by its URL, and leaves the run incomplete', () => {
    const run = fold(...facts, ...completed('x2', { unparsed }));
    expect(run.failures).toEqual([]);
    expect(findingsOf(run, 'blind-spot')).toMatchObject([
      {
        level: 'warning',
        subject: 'https://registry.example/left-pad',
        message: 'it was not read, as its framing is ambiguous',
        advice: expect.stringContaining('content-length beside transfer-encoding') as string,
        process: { name: 'node' },
        count: 2,
      },
    ]);
    const reason = 'not read from there on, as the framing is ambiguous: https://registry.example/left-pad';
    expect(run.completeness).toMatchObject({
      verdict: 'incomplete',
      reasons: expect.arrayContaining([reason]) as string[],
    });
    expect(show(run).replace(/\s+/g, ' ')).toContain('content-length beside transfer-encoding');
  });

  it('is one in several runs, too', () => {
    const runs = [foldWhole(facts), foldWhole(facts)];
    const merged = mergeRuns(runs);
    expect(merged.blindSpots).toMatchObject([{ kind: 'unparsed', count: 2 }]);
    expect(merged.completeness.verdict).toBe('incomplete');
  });
});

describe('a certificate that was not accepted', () => {
  it('is a finding of its host, with the cause', () => {
    const facts = completed('x1', { unverifiedTls: 'certificate-expired' });
    const run = fold(...facts);
    expect(findingsOf(run, 'unverified-tls')).toMatchObject([
      {
        level: 'warning',
        subject: 'registry.example',
        message:
          'its certificate was not accepted (certificate-expired), and the client went on all the same',
        process: { name: 'node' },
      },
    ]);
    expect(show(run)).toContain('certificate-expired');
    const merged = mergeRuns([foldWhole(facts), foldWhole(facts)]);
    expect(merged.unverifiedTls).toMatchObject([{ host: 'registry.example', count: 2 }]);
    expect(fold(...completed('x1', {})).unverifiedTls).toBeUndefined();
  });
});

describe('a body that ended with its connection', () => {
  it('is no failure', () => {
    const [, whole] = exchange('x1') as [Fact, Completed];
    const response = whole.response && {
      ...whole.response,
      body: { size: 9, complete: 'unknown' as const },
    };
    const run = fold(...completed('x1', { response }));
    expect(run.counts).toMatchObject({ failed: 0, bytesIn: 9 });
    expect(run.failures).toEqual([]);
  });
});

describe('the end of an upload that was answered early', () => {
  const request = (exchange('x1')[1] as Completed).request;
  const early: Partial<Completed> = {
    request: {
      ...{ ...request, method: 'POST' },
      body: { size: 1_000, complete: false, sha256: 'a'.repeat(64) },
    },
  };
  const end = (size: number): Fact => ({
    type: 'request-body-completed',
    id: 'x1',
    body: { size, sha256: 'b'.repeat(64) },
  });

  it('corrects what its host and its process sent, and the finding', () => {
    const run = fold(...completed('x1', early), end(50_000));
    expect(run.counts.bytesOut).toBe(50_000);
    expect(run.hosts).toMatchObject([{ host: 'registry.example', requests: 1, bytesOut: 50_000 }]);
    expect(run.processes).toMatchObject([
      {
        requests: 1,
        bytesOut: 50_000,
        hosts: [{ host: 'registry.example', requests: 1, bytesOut: 50_000 }],
        uploads: [{ method: 'POST', size: 50_000, sha256: 'b'.repeat(64), count: 1 }],
      },
    ]);
    expect(findingsOf(run, 'upload')).toMatchObject([
      { level: 'warning', message: 'it got 50.0 kB and gave back only 1.0 kB' },
    ]);
  });

  it('leaves other equal ones as they were, and counts nothing twice', () => {
    const [started, whole] = completed('x2', early);
    const run = fold(...completed('x1', early), started as Fact, whole as Fact, end(2_000), end(9_000));
    expect(run.counts.bytesOut).toBe(3_000);
    expect(run.processes[0]?.uploads).toMatchObject([
      { size: 2_000, count: 1 },
      { size: 1_000, count: 1 },
    ]);
  });
});

describe('a connection that passed unread', () => {
  const passed = (reason: FactOf<'passed-through'>['reason']): Fact => ({
    type: 'passed-through',
    connectionId: 'c1',
    reason,
  });

  it('because its server wants a client certificate is told once, with the option', () => {
    const run = fold(opened(), passed('client-certificate-wanted'), closed());
    expect(findingsOf(run, 'blind-spot')).toMatchObject([
      {
        level: 'warning',
        subject: 'far.example',
        message: 'it wanted a client certificate, and connections to it were tunnelled unread',
        advice: expect.stringContaining('--client-cert far.example=FILE') as string,
      },
    ]);
    expect(run.hosts).toMatchObject([{ host: 'far.example', tunnels: 1, bytesIn: 7 }]);
    expect(run.completeness).toMatchObject({
      verdict: 'incomplete',
      reasons: expect.arrayContaining([
        '1 connection tunnelled unread: far.example',
        'wanted a client certificate, which is not known here: far.example',
      ]) as string[],
    });
    expect(show(run)).toContain('--client-cert');
  });

  it('because it is no HTTP inside TLS is told beside others of the host', () => {
    const second = (fact: Fact): Fact => ({
      ...fact,
      ...('connectionId' in fact ? { connectionId: 'c2' } : { id: 'c2' }),
    });
    const run = fold(
      ...[opened(), passed('not-http-in-tls'), closed()],
      ...[opened(), passed('server-first'), closed()].map(second),
    );
    expect(findingsOf(run, 'blind-spot').map(({ message, count }) => [message, count])).toEqual([
      ['connections to it were no HTTP inside TLS, and passed unread', 1],
      ['connections to it were tunnelled unread', 1],
    ]);
  });
});

describe('a connection that failed before a request came', () => {
  const error = { code: 'dns-failed', message: 'far.example could not be resolved' };

  it.each([
    ['connect', 'CONNECT'],
    ['socks5', 'SOCKS5'],
  ] as const)('by %s is a failure of its host', (via, method) => {
    const run = fold(opened(via), closed(error));
    expect(run.failures).toEqual([{ method, url: 'far.example:443', ...error, count: 1 }]);
    expect(run.hosts).toMatchObject([{ host: 'far.example', requests: 0, failed: 1 }]);
    expect(run.counts).toMatchObject({ exchanges: 0, failed: 1 });
    const text = show(run);
    expect(text).toContain(`${method} far.example:443`);
    expect(text).toContain('dns-failed: far.example could not be resolved');
    expect(text).toMatch(/far\.example +– .* 1 failed/);
  });

  it('names addresses of IPv6 as URLs do', () => {
    expect(fold(opened('connect', '2001:db8::1'), closed(error)).failures).toMatchObject([
      { url: '[2001:db8::1]:443' },
    ]);
  });

  it('is not told again where a request had come, the client refused our CA, or nothing failed', () => {
    const refused: Fact = {
      ...{ type: 'tls-failed', connectionId: 'c1', host: 'far.example', side: 'client' },
      ...{ cause: 'unknown-ca', advice: 'trust it' },
    };
    for (const facts of [
      [opened(), ...completed('x1', {}), closed(error)],
      [opened(), refused, closed(error)],
      [opened(), closed()],
    ])
      expect(fold(...facts).failures).toEqual([]);
  });
});
