import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readJournal } from '../helpers/audit-run.ts';
import { usePackageShop } from '../helpers/package-shop.ts';
import { tarballPath } from '../helpers/registries/npm/packages.ts';

const shop = usePackageShop('baseline');
const fetchAll = (...urls: string[]) => urls.map((url) => `curl -sSf ${url} -o /dev/null`).join(' && ');
const run = (...args: string[]) => shop().user.proxaudit(args, { cwd: shop().project });
const read = (name: string) => readFileSync(join(shop().project, name), 'utf8');
const purlOf = (index: 0 | 1 | 2) => {
  const { name, version } = shop().packages[index];
  return `pkg:npm/${name}@${version}`;
};

/** The first two packages are fetched and locked. */
async function lock(): Promise<void> {
  const { audit, packages, urlOf } = shop();
  await audit(fetchAll(urlOf(packages[0]), urlOf(packages[1])));
  const written = await run('lock', 'run.jsonl');
  expect([written.code, written.stdout.toString(), written.stderr]).toEqual([
    0,
    'wrote proxaudit.lock: 1 host, 2 artifacts\n',
    '',
  ]);
}

describe('proxaudit lock', () => {
  it('writes what the run reached, the same from the same, and checks what is new', async () => {
    await lock();
    const text = read('proxaudit.lock');
    expect(text).toMatch(/^version 1$/m);
    expect(text).toMatch(/^host registry\.example$/m);
    expect(text).toMatch(new RegExp(`^artifact ${purlOf(0)} sha256:[0-9a-f]{64}$`, 'm'));
    expect((await run('lock', '-o', '-', 'run.jsonl')).stdout.toString()).toBe(text);
    const same = await run('lock', '--check', 'run.jsonl');
    expect([same.code, same.stdout.toString()]).toEqual([0, 'proxaudit.lock names all of it\n']);

    const { audit, files, packages, urlOf } = shop();
    files.set(tarballPath(packages[0]), packages[1].tarball);
    files.set('/x.sh', Buffer.from('#!/bin/sh\n'));
    await audit(fetchAll(urlOf(packages[0]), urlOf(packages[2]), 'https://cdn.example/x.sh'));
    const checked = await run('lock', '--check', 'run.jsonl');
    expect(checked.code).toBe(120);
    const lines = checked.stdout.toString().split('\n');
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}\+ cdn\.example {2}\(curl /));
    expect(lines).toContainEqual(expect.stringContaining(`  + ${purlOf(2)}  sha256:`));
    expect(lines).toContainEqual(expect.stringMatching(`^ {2}! ${purlOf(0)} {2}sha256:\\w+ → sha256:\\w+`));
    expect(lines).toContain('not in this run: 1 artifact of the file');
    expect(read('proxaudit.lock')).toBe(text);
  });

  it('says that a command failed, whose run it writes', async () => {
    const { audit } = shop();
    expect((await audit('exit 3')).code).toBe(3);
    const written = await run('lock', '-o', 'failed.lock', 'run.jsonl');
    expect([written.code, written.stderr]).toEqual([
      0,
      expect.stringMatching(
        /^proxaudit: run \w+-\w+: its command failed, and may have fetched less than it would have\n$/,
      ),
    ]);
    await audit('exit 0');
    expect((await run('lock', '-o', 'failed.lock', 'run.jsonl')).stderr).toBe('');
  });

  it('says that a command was not started', async () => {
    await run('-q', '-o', 'run.jsonl', '--', 'no-such-program');
    expect((await run('lock', '-o', 'nothing.lock', 'run.jsonl')).stderr).toMatch(
      /^proxaudit: run \w+-\w+: its command was not started, and has fetched nothing\n$/,
    );
  });

  it('refuses a journal that was changed, a file that is none, and what is not there', async () => {
    await lock();
    writeFileSync(join(shop().project, 'edited.jsonl'), read('run.jsonl').replace('"host"', '"Host"'));
    const edited = await run('lock', 'edited.jsonl');
    expect([edited.code, edited.stderr]).toEqual([
      2,
      expect.stringContaining('was changed after it was written'),
    ]);
    writeFileSync(join(shop().project, 'proxaudit.lock'), 'version 1\nhots a\n');
    const damaged = await run('lock', '--check', 'run.jsonl');
    expect([damaged.code, damaged.stderr]).toEqual([
      2,
      expect.stringMatching(/^proxaudit: proxaudit\.lock:2: expected/),
    ]);
    const missing = await run('lock', '--check', '-o', 'no.lock', 'run.jsonl');
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('no.lock cannot be read')]);
    expect((await run('lock', 'no-such-run')).code).toBe(2);
  });

  it('tells what to do with a file of another kind', async () => {
    await lock();
    const given = await run('lock', '--check', 'proxaudit.lock');
    expect([given.code, given.stderr]).toEqual([
      2,
      'proxaudit: proxaudit.lock is a lock file; expected a journal\n' +
        '  To check the last run against it: proxaudit lock --check -o proxaudit.lock\n',
    ]);
    const against = await run('lock', '--check', '-o', 'run.jsonl', 'run.jsonl');
    expect([against.code, against.stderr]).toEqual([
      2,
      expect.stringMatching(/^proxaudit: run\.jsonl is a journal; expected a lock file\n/),
    ]);
    const journal = read('run.jsonl');
    const over = await run('lock', '-o', 'run.jsonl', 'run.jsonl');
    expect([over.code, over.stderr]).toEqual([
      2,
      expect.stringMatching(/^proxaudit: run\.jsonl is a journal, and is not overwritten\n/),
    ]);
    expect(read('run.jsonl')).toBe(journal);
    await run('report', '--report', 'markdown=run.md', 'run.jsonl');
    const compared = await run('diff', 'run.md', 'run.jsonl');
    expect([compared.code, compared.stderr]).toEqual([
      2,
      expect.stringMatching(/^proxaudit: run\.md is a report; expected a journal or lock file\n/),
    ]);
  });
});

describe('--baseline', () => {
  it('makes findings of what it does not name, also in a report made elsewhere', async () => {
    await lock();
    const { audit, files, packages, urlOf } = shop();
    const known = await audit(
      fetchAll(urlOf(packages[0])),
      '--baseline',
      'proxaudit.lock',
      '--fail-on',
      'any',
    );
    expect(known.code).toBe(0);
    files.set(tarballPath(packages[1]), packages[0].tarball);
    files.set('/x.sh', Buffer.from('#!/bin/sh\n'));
    const line = fetchAll(urlOf(packages[1]), urlOf(packages[2]), 'https://cdn.example/x.sh');
    const result = await audit(
      line,
      '--no-lockfiles',
      '--baseline',
      'proxaudit.lock',
      '--fail-on',
      'new-host',
    );
    expect([result.code, result.stderr]).toEqual([120, expect.stringContaining('new-host: cdn.example: ')]);
    writeFileSync(join(shop().project, 'proxaudit.lock'), 'changed since');
    const report = await run('report', '--report', 'json', 'run.jsonl');
    const { findings } = JSON.parse(report.stdout.toString()) as {
      findings: { rule: string; subject: string }[];
    };
    expect(findings.map(({ rule, subject }) => `${rule} ${subject}`)).toEqual([
      `changed ${purlOf(1)}`,
      'new-host cdn.example',
      'new-artifact https://cdn.example/x.sh',
      `new-artifact ${purlOf(2)}`,
      'script-download https://cdn.example/x.sh',
    ]);
  });

  it.each([
    ['registry.example', 'cdn.example'],
    ['cdn.example', 'registry.example'],
  ])('knows each name of a request whose tunnel is to %s and whose host is %s', async (tunnel, host) => {
    const { audit, files, project } = shop();
    writeFileSync(join(project, 'proxaudit.lock'), 'version 1\nhost registry.example\n');
    files.set('/data', Buffer.from('data'));
    const line = `curl -sSkf --connect-to ${host}:443:${tunnel}:443 https://${host}/data -o /dev/null`;
    for (const own of [[], ['--passthrough', tunnel]]) {
      const options = ['--baseline', 'proxaudit.lock', '--fail-on', 'new-host,domain-fronting'];
      const result = await audit(line, '--summary', 'always', ...options, ...own);
      expect([result.code, result.stderr]).toEqual([
        120,
        expect.stringMatching(/new-host: cdn\.example: the baseline does not name this host/),
      ]);
      expect(result.stderr).toContain(`domain-fronting: ${tunnel} as ${host}: `);
      expect(result.stderr).toMatch(new RegExp(`^  ${tunnel} .*\\n    also named ${host}$`, 'm'));
      const names = { connect: tunnel, sni: host };
      const [told] = own.length > 0 ? readJournal(join(project, 'run.jsonl')).of('passed-through') : [];
      const [exchange] = readJournal(join(project, 'run.jsonl')).exchanges;
      expect(told?.names ?? exchange?.names).toMatchObject(names);
    }
  });

  it('that is large takes several events; one that is damaged or missing keeps the command from being run', async () => {
    const { audit, project } = shop();
    const names = Array.from({ length: 9_000 }, (_, index) => `host ${'h'.repeat(100)}${index}.example\n`);
    writeFileSync(join(project, 'proxaudit.lock'), `version 1\n${names.join('')}`);
    expect((await audit('true', '--baseline', 'proxaudit.lock')).code).toBe(0);
    const loaded = readJournal(join(project, 'run.jsonl')).of('baseline-loaded');
    expect(loaded.length).toBeGreaterThan(1);
    expect(loaded.flatMap(({ hosts }) => hosts)).toHaveLength(9_000);
    writeFileSync(join(project, 'proxaudit.lock'), 'version 1\nartifact\n');
    const damaged = await audit('echo ran', '--baseline', 'proxaudit.lock');
    expect([damaged.code, damaged.stdout.toString()]).toEqual([125, '']);
    expect(damaged.stderr).toMatch(
      /^proxaudit: proxaudit\.lock:2: expected "artifact PURL-OR-URL DIGEST \[FILE\]"/,
    );
    expect((await audit('echo ran', '--baseline', 'missing')).code).toBe(125);
  });
});

describe('proxaudit diff', () => {
  it('tells what changed between runs, lock files and run ids, as text, Markdown and JSON', async () => {
    await lock();
    const { audit, packages, urlOf, user } = shop();
    await audit(fetchAll(urlOf(packages[1]), urlOf(packages[2])), '-o', 'head.jsonl');
    const text = await run('diff', 'run.jsonl', 'head.jsonl');
    expect([text.code, text.stderr]).toEqual([120, '']);
    expect(text.stdout.toString()).toMatch(
      new RegExp(
        `^Artifacts\n {2}\\+ ${purlOf(2)} {2}sha256:\\w{64} {2}\\(curl .*\\)\n {2}- ${purlOf(0)}\n\n2 differences\n$`,
      ),
    );
    const json = await run('diff', '--format', 'json', 'proxaudit.lock', 'head.jsonl');
    expect(JSON.parse(json.stdout.toString())).toMatchObject({
      base: 'proxaudit.lock',
      hosts: { added: [], removed: [] },
      artifacts: { added: [{ subject: purlOf(2) }], removed: [{ subject: purlOf(0) }] },
    });
    const markdown = await run('diff', '--format', 'markdown', 'run.jsonl', 'head.jsonl');
    expect(markdown.stdout.toString()).toContain(`| gone | \`${purlOf(0)}\` |`);
    const same = await run('diff', 'proxaudit.lock', 'run.jsonl');
    expect([same.code, same.stdout.toString()]).toEqual([0, 'no differences\n']);
    await user.proxaudit(['--', 'true']);
    const byId = await run('diff', user.runIds().at(-1) ?? '', 'run.jsonl');
    expect([byId.code, byId.stdout.toString()]).toEqual([120, expect.stringContaining('+ registry.example')]);
  });

  it.each([
    [['diff']],
    [['diff', 'a']],
    [['diff', '-', '-']],
    [['diff', 'nothing', 'here']],
    [['diff', '--format', 'xml', 'a', 'b']],
  ])('%j is bad usage or input', async (args) => {
    const result = await run(...args);
    expect([result.code, result.stdout.toString(), result.stderr]).toEqual([
      2,
      '',
      expect.stringMatching(/^proxaudit: .+\n( {2}.+\n)?$/),
    ]);
  });
});
