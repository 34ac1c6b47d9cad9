import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkJournal, proxaudit, readJournal } from '../audit-run.ts';
import type { Journal } from '../audit-run.ts';
import { recordClient } from '../client-table.ts';
import { createAuthority, type Authority } from '../origin/authority.ts';
import type { Observed } from '../origin/observe.ts';
import { resolveArguments } from '../origin/proxaudit-arguments.ts';
import type { LocalServer } from '../origin/serve.ts';
import { createWorkspace } from '../origin/workspace.ts';
import { runScenario } from './run-scenario.ts';
import type { ScenarioRun } from './run-scenario.ts';
import type { Scheme, Twin } from './scenario.ts';
import { registryName, startTwin } from './start-twin.ts';

interface Place {
  readonly directory: string;
  readonly authority: Authority;
}

/**
 * A test for each client: what proxaudit tells of it is what its registry logged, request by request, and what it stores
 * is what it stores without proxaudit.
 */
export async function describeTwins(name: string, twins: readonly Twin[]): Promise<void> {
  const { directory, remove } = createWorkspace(name);
  let authority: Authority;
  beforeAll(() => {
    authority = createAuthority(directory);
  });
  afterAll(remove);

  const unavailable = await Promise.all(twins.map(async (twin) => await twin.available()));
  const cases = twins.map((twin, index) => ({ twin, reason: unavailable[index], name: twin.name }));
  describe.each(cases)('$name', ({ twin, reason }) => {
    const seen = `is seen whole over ${schemesOf(twin).join(' and ')}, and stores the same`;
    it.skipIf(reason !== undefined)(reason === undefined ? seen : `${seen} (${reason})`, async () => {
      const registry = await startTwin(twin, { authority, directory });
      try {
        await auditTwin(twin, registry, { directory, authority });
      } finally {
        await registry.close();
      }
    });
  });
}

const schemesOf = (twin: Twin): readonly Scheme[] => twin.schemes ?? ['http', 'https'];

async function auditTwin(twin: Twin, registry: LocalServer, place: Place): Promise<void> {
  const parent = place.directory;
  const direct = await runDirect(twin, registry, place);
  expect(direct.result.code, complaint(direct)).toBe(0);
  expect(direct.stored.length).toBeGreaterThan(0);

  for (const scheme of schemesOf(twin)) {
    await registry.settled();
    const before = registry.log.length;
    const journalFile = join(parent, `${twin.name}-${scheme}.jsonl`);
    const options = [
      '-q',
      '--upstream-ca',
      place.authority.file,
      ...resolveArguments(registryName, registry),
    ];
    const audited = await runScenario(twin, {
      parent,
      label: scheme,
      baseUrl: `${scheme}://${registryName}`,
      wrapper: proxaudit(journalFile, ...options),
    });
    expect(audited.result.code, complaint(audited)).toBe(0);
    expect(audited.stored).toEqual(direct.stored);

    await registry.settled();
    expect((await checkJournal(journalFile)).code).toBe(0);
    const journal = readJournal(journalFile);
    expectSame(journal, registry.log.slice(before), scheme);
    const digests = new Set(
      journal.exchanges.flatMap(({ response }) => [response?.body.sha256, response?.body.decoded?.sha256]),
    );
    for (const file of audited.stored.filter(({ asFetched }) => asFetched))
      expect(digests, file.name).toContain(file.sha256);
    await recordClient(twin, { tier: 'hermetic', scheme, requests: journal.exchanges.length });
  }
}

function runDirect(
  twin: Twin,
  { ports }: LocalServer,
  { directory, authority }: Place,
): Promise<ScenarioRun> {
  const [scheme = 'http'] = schemesOf(twin);
  const trusted = ['SSL_CERT_FILE', 'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH'];
  return runScenario(twin, {
    parent: directory,
    baseUrl: `${scheme}://127.0.0.1:${ports[scheme]}`,
    wrapper: scheme === 'http' ? [] : ['env', ...trusted.map((name) => `${name}=${authority.file}`)],
  });
}

const complaint = ({ result }: ScenarioRun): string => `${result.stderr}\n${result.stdout.toString()}`;

function expectSame(journal: Journal, log: readonly Observed[], scheme: Scheme): void {
  const seen = log.map((observed) => ({
    request: `${observed.method} ${scheme}://${registryName}${observed.path}`,
    status: observed.status,
    sent: observed.requestBody.size,
    size: observed.responseBody.size,
    sha256: observed.method === 'HEAD' ? undefined : observed.responseBody.sha256,
  }));
  const told = journal.exchanges.map(({ request, response }) => ({
    request: `${request.method} ${request.url}`,
    status: response?.status,
    sent: request.body.size,
    size: response?.body.size,
    sha256: response?.body.sha256,
  }));
  expect(sortByText(told)).toEqual(sortByText(seen));
  expect(journal.of('passed-through')).toEqual([]);
  expect(journal.of('tls-failed')).toEqual([]);
  // Nothing of it went past the proxy, and everybody who asked is known.
  const past = ['bypass', 'daemon', 'other-network'];
  expect(journal.of('blind-spot').filter(({ kind }) => past.includes(kind))).toEqual([]);
  expect(journal.exchanges.filter(({ process }) => process === undefined)).toEqual([]);
}

function sortByText<T>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
