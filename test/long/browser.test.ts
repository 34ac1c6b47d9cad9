import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeOpensslCa } from '../certificates/tools.ts';
import { readJournal } from '../helpers/audit-run.ts';
import { missingOneOf, runOffline } from '../helpers/registries/commands.ts';
import { useScene } from '../helpers/scene.ts';

// Here, because Chromium takes 350 MB.
const missing = missingOneOf('chromium', 'certutil', 'openssl', 'timeout');
const reason = missing === undefined ? '' : ` (${missing})`;
const scene = useScene('browser');

/** It asks its makers for updates and the time, whatever it is told: those requests are not the page's. */
const quiet = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-sync',
];

describe.skipIf(missing !== undefined)(`Chromium${reason}`, () => {
  it.each(['http', 'https'])(
    'loads a page over %s, seen whole, where its store has the CA',
    async (scheme) => {
      const { journal, said } = await load(`${scheme}://origin.test/random/500/page`, { trusts: true });
      const [page] = journal.exchanges.filter(({ request }) => request.url.includes('/page'));
      const served = scene().origin.log.find((seen) => seen.scheme === scheme && seen.path.endsWith('/page'));
      expect(served, said).toBeDefined();
      expect(page?.response?.body.sha256, said).toBe(served?.responseBody.sha256);
    },
  );

  it('refuses the CA over https where its store has not, and the report says what mends it', async () => {
    const { journal } = await load('https://origin.test/random/500/refused', { trusts: false });
    const failed = journal.of('tls-failed').filter(({ host }) => host === 'origin.test');
    expect(failed[0]).toMatchObject({
      side: 'client',
      advice: expect.stringContaining('certutil -d sql:$HOME/'),
    });
    expect(journal.exchanges.filter(({ request }) => request.url.includes('origin.test'))).toEqual([]);
  });
});

async function load(url: string, { trusts }: { trusts: boolean }) {
  const { user, options, directory } = scene();
  const place = join(directory, `${trusts}-${url.replaceAll(/\W/g, '-')}`);
  const home = join(place, 'home');
  const store = join(home, '.pki', 'nssdb');
  mkdirSync(store, { recursive: true });
  const env = { ...user.env, HOME: home };
  const { certFile, keyFile } = makeOpensslCa(place, 'own');
  runOffline(['certutil', '-d', `sql:${store}`, '-N', '--empty-password'], { cwd: place, env });
  const add = ['certutil', '-d', `sql:${store}`, '-A', '-t', 'C,,', '-n', 'proxaudit', '-i', certFile];
  if (trusts) runOffline(add, { cwd: place, env });
  const file = join(place, 'journal.jsonl');
  const ca = ['--ca-cert', certFile, '--ca-key', keyFile];
  // It does not always end when it has printed the page.
  const browser = [
    'timeout',
    '20',
    'chromium',
    ...quiet,
    `--user-data-dir=${join(place, 'profile')}`,
    '--dump-dom',
    url,
  ];
  const { stderr } = await user.proxaudit(['-q', '-o', file, ...options, ...ca, '--', ...browser], { env });
  return { journal: readJournal(file), said: stderr };
}
