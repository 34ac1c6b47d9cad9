import { describe, expect, it } from 'vitest';
import { compareBaselines } from '../../src/baseline/compare-baselines.ts';
import { baselineOf } from '../../src/baseline/baseline-of.ts';
import { findFindings } from '../../src/findings/index.ts';
import type { Fact, FactOf } from '../../src/model/events.ts';
import type { Names } from '../../src/model/exchange.ts';
import type { RunFacts } from '../../src/model/run.ts';
import { createFold, type Folded } from '../../src/run/fold.ts';
import { mergeRuns } from '../../src/run/merge-runs.ts';
import { exchange, runStarted } from './sample-facts.ts';

function foldWhole(facts: readonly Fact[]): Folded {
  const folding = createFold();
  for (const fact of [runStarted, ...facts]) folding.add({ at: '2026-11-21T01:37:53.000Z', ...fact });
  return folding.finish({ verdict: 'intact', problems: [] });
}

const fold = (facts: readonly Fact[]): RunFacts => foldWhole(facts).facts;

function named(names: Names, changes: Partial<FactOf<'exchange-completed'>> = {}): [Fact, Fact] {
  const dialled = names.connect ?? names.authority ?? '';
  const [started, completed] = exchange('x1', `https://${dialled}/file`, 100);
  return [
    { ...(started as FactOf<'exchange-started'>), names },
    { ...(completed as FactOf<'exchange-completed'>), names, address: '192.0.2.7', ...changes },
  ];
}

const fronted: Names = { connect: 'good.example', sni: 'evil.example', authority: 'evil.example' };
const turned: Names = { connect: 'evil.example', sni: 'good.example', authority: 'good.example' };

const tunnelled: Fact[] = [
  {
    ...{
      type: 'connection-opened',
      id: 'c1',
      client: { address: '127.0.0.1', port: 40_000 },
      via: 'connect',
    },
    ...{ destination: { host: 'good.example', port: 8443 }, sni: 'evil.example' },
  },
  {
    ...{ type: 'passed-through', connectionId: 'c1', reason: 'passthrough-option', protocol: 'tls' },
    names: { connect: 'good.example', sni: 'evil.example' },
  },
  { type: 'connection-closed', id: 'c1', bytesIn: 10, bytesOut: 5_000, address: '192.0.2.8' },
];

const hostsOf = (run: RunFacts) => run.hosts.map(({ host }) => host).sort();
const fronting = (run: RunFacts) =>
  findFindings({ run, waivers: [], difference: null }).filter(({ rule }) => rule === 'domain-fronting');

describe('what was sent by several names', () => {
  it.each([fronted, turned])('counts for each of them, and once in all: %j', (names) => {
    const run = fold(named(names));
    expect(run.hosts).toMatchObject([
      { host: 'evil.example', requests: 1, bytesIn: 100, statuses: { 200: 1 }, otherNames: ['good.example'] },
      { host: 'good.example', requests: 1, bytesIn: 100, statuses: { 200: 1 }, otherNames: ['evil.example'] },
    ]);
    expect(run).toMatchObject({ counts: { exchanges: 1, bytesIn: 100 }, statuses: { 200: 1 } });
    expect(run.processes).toMatchObject([{ requests: 1, bytesIn: 100 }]);
    expect(run.processes[0]?.hosts.map(({ host }) => host)).toEqual(['evil.example', 'good.example']);
  });

  it.each([fronted, turned])('is new in a baseline that has one of them alone: %j', (names) => {
    const run = fold(named(names));
    for (const known of ['good.example', 'evil.example']) {
      const difference = compareBaselines({ hosts: [known], artifacts: [] }, baselineOf(run));
      const found = findFindings({ run, waivers: [], difference }).filter(({ rule }) => rule === 'new-host');
      expect(found).toMatchObject([
        { subject: known === 'good.example' ? 'evil.example' : 'good.example', process: { pid: 4242 } },
      ]);
    }
    expect(baselineOf(run).hosts).toEqual(['evil.example', 'good.example']);
  });

  it('is a finding with every name, the address and who asked', () => {
    expect(fronting(fold(named({ ...fronted, host: ['third.example'] })))).toMatchObject([
      {
        level: 'warning',
        subject: 'good.example as evil.example as third.example',
        message:
          'different hosts are named by the tunnel (good.example), TLS (evil.example), the request (evil.example) ' +
          'and its Host field (third.example); dialled was 192.0.2.7',
        process: { pid: 4242 },
        count: 1,
      },
    ]);
  });

  it('and did not end is one too, and what ended without a beginning', () => {
    const [started, completed] = named(fronted);
    expect(fronting(fold([started]))).toMatchObject([{ count: 1 }]);
    expect(fronting(fold([completed]))).toMatchObject([{ count: 1 }]);
    expect(hostsOf(fold([started]))).toEqual(['evil.example', 'good.example']);
  });

  it('between a name and an address is no fronting, though both are hosts', () => {
    const run = fold(named({ connect: '192.0.2.7', sni: 'good.example', authority: 'good.example' }));
    expect(fronting(run)).toEqual([]);
    expect(hostsOf(run)).toEqual(['192.0.2.7', 'good.example']);
    const mixed = fold(named({ connect: '192.0.2.7', sni: 'good.example', authority: 'evil.example' }));
    expect(fronting(mixed)).toMatchObject([{ subject: 'good.example as evil.example' }]);
  });

  it('as data that went out is an upload to each', () => {
    const [started, completed] = named(fronted);
    const { request } = completed as FactOf<'exchange-completed'>;
    const sending = {
      ...(completed as FactOf<'exchange-completed'>),
      request: { ...request, body: { size: 90_000 } },
    };
    const found = findFindings({ run: fold([started, sending]), waivers: [], difference: null });
    const uploads = found.filter(({ rule }) => rule === 'upload').map(({ subject }) => subject);
    expect(uploads.sort()).toEqual(['evil.example', 'good.example']);
  });

  it('unread counts for each of them, and once in all', () => {
    const run = fold(tunnelled);
    expect(run.hosts).toMatchObject([
      { host: 'evil.example:8443', tunnels: 1, passedThrough: 1, bytesOut: 5_000 },
      { host: 'good.example:8443', tunnels: 1, passedThrough: 1, bytesOut: 5_000 },
    ]);
    expect(run.counts.bytesOut).toBe(5_000);
    expect(run.completeness.reasons).toContain(
      '1 connection tunnelled unread: evil.example:8443, good.example:8443',
    );
    expect(fronting(run)).toMatchObject([
      { subject: 'good.example as evil.example', message: expect.stringContaining('dialled was 192.0.2.8') },
    ]);
  });

  it('unread, on a connection that had carried requests elsewhere, is of its own destination', () => {
    const [opened, passed, closed] = tunnelled as [Fact, FactOf<'passed-through'>, Fact];
    const destination = { host: 'later.example', port: 22 };
    const later: Fact = { ...passed, names: { connect: destination.host }, destination };
    expect(hostsOf(fold([opened, later, closed]))).toEqual(['later.example:22']);
  });

  it('is summed when runs are merged', () => {
    const [one, two] = [
      foldWhole(named(fronted)),
      foldWhole([...named(turned), ...named(fronted, { address: '192.0.2.9' })]),
    ];
    const merged = mergeRuns([one, two]);
    expect(merged.statuses).toEqual({ 200: 3 });
    expect(merged.differingNames).toMatchObject([
      { names: fronted, count: 2, addresses: ['192.0.2.7', '192.0.2.9'] },
      { names: turned, count: 1 },
    ]);
    expect(merged.hosts.map(({ otherNames }) => otherNames)).toEqual([['good.example'], ['evil.example']]);
  });

  it('is not there where names agree', () => {
    const run = fold(exchange('x1'));
    expect(run).not.toHaveProperty('differingNames');
    expect(run.hosts[0]).not.toHaveProperty('otherNames');
  });
});
