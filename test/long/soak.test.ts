import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkJournal } from '../helpers/audit-run.ts';
import { randomDigest } from '../helpers/origin/random.ts';
import { useScene } from '../helpers/scene.ts';
import {
  completedIn,
  MAX_GROWTH_OF_A_BODY_MB,
  MAX_GROWTH_OF_EXCHANGES_MB,
  soak,
  type Completed,
} from '../helpers/soak.ts';

const scene = useScene('soak');

const last = async (journal: string): Promise<Completed | undefined> => {
  let found: Completed | undefined;
  for await (const exchange of completedIn(journal)) found = exchange;
  return found;
};

describe('gigabytes', () => {
  it('5 GB down pass through, with their digest, in little memory', async () => {
    const bytes = 5_000_000_000;
    const { journal, growth, figures } = await soak(scene(), {
      name: '5 GB down',
      line: `curl -sS -o /dev/null https://origin.test/stream/${bytes}/down`,
    });
    const exchange = await last(journal);
    expect(exchange?.response?.body).toMatchObject({
      size: bytes,
      complete: true,
      sha256: randomDigest(bytes, 'down'),
    });
    expect((await checkJournal(journal)).code).toBe(0);
    expect(growth, figures).toBeLessThanOrEqual(MAX_GROWTH_OF_A_BODY_MB);
  });

  it('2 GB up pass through, with their digest, in little memory', async () => {
    const bytes = 2_000_000_000;
    const sum = join(scene().directory, 'sum');
    const line = `head -c ${bytes} /dev/urandom | tee >(sha256sum >'${sum}') | curl -sS -T - https://origin.test/upload`;
    const { journal, growth, stdout, figures } = await soak(scene(), { name: '2 GB up', line });
    const digest = readFileSync(sum, 'utf8').slice(0, 64);
    expect(stdout).toContain(digest);
    const exchange = await last(journal);
    expect(exchange?.request.body).toEqual({ size: bytes, sha256: digest });
    expect(growth, figures).toBeLessThanOrEqual(MAX_GROWTH_OF_A_BODY_MB);
  });
});

describe('thousands of requests', () => {
  /** Many clients at once, each asking for its own addresses, half of them by http. */
  const clients = (count: number, requests: number): string =>
    `for n in $(seq ${count}); do ` +
    `s=https; [ $((n % 2)) = 0 ] && s=http; ` +
    `curl -sSf -o /dev/null "$s://origin.test/random/500/$n-[1-${requests}]" & done; ` +
    'for job in $(jobs -p); do wait "$job" || exit 1; done';

  it.each([
    ['100 clients with 20,000 requests', 100, 200],
    ['20 clients with 100,000 requests', 20, 5000],
  ])('%s: none is lost, none doubled, in little memory', async (name, count, requests) => {
    const { origin } = scene();
    const before = origin.log.length;
    const { journal, growth, figures } = await soak(scene(), { name, line: clients(count, requests) });
    const seen = origin.log
      .slice(before)
      .map(({ scheme, path, responseBody }) => `${scheme}://origin.test${path} ${responseBody.sha256}`);
    const told: string[] = [];
    const unfinished: unknown[] = [];
    for await (const { id, request, response, error, timings } of completedIn(journal)) {
      if (response?.body.complete !== true) unfinished.push({ id, error, body: response?.body, timings });
      told.push(`${request.url} ${response?.body.sha256 ?? ''}`);
    }
    expect(unfinished).toEqual([]);
    expect(told).toHaveLength(count * requests + 1);
    expect(new Set(told).size).toBe(told.length);
    expect(told.sort()).toEqual(seen.sort());
    expect((await checkJournal(journal)).code).toBe(0);
    expect(growth, figures).toBeLessThanOrEqual(MAX_GROWTH_OF_EXCHANGES_MB);
  });
});
