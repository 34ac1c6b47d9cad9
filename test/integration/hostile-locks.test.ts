import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { formatIds } from '../../reports/format-ids.ts';
import { readJournal } from '../helpers/audit-run.ts';
import { usePackageShop } from '../helpers/package-shop.ts';

const shop = usePackageShop('hostile-locks');
const run = (...args: string[]) => shop().user.proxaudit(args, { cwd: shop().project });
const read = (name: string) => readFileSync(join(shop().project, name), 'utf8');
const write = (files: Readonly<Record<string, string>>) => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(shop().project, name), text);
};

const MEGABYTE = 1_048_576;
/** Moves the cursor, sets a title, reorders, hides, begins a line; is HTML, Markdown, and a command of a CI. */
const evil = '\u001b[2J\u001b]0;x\u0007\u202egpj\u200b\r\n::error::x|<img src=x>`[a](javascript:x)';
/** What no report may hold as it is, beside line ends. */
const raw = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e]|^::error/m;
/** In Markdown, what is code is text. */
const withoutCode = (markdown: string) => markdown.replaceAll(/(`+)(?!`).*?[^`]\1(?!`)/g, '');
const hex = 'ab'.repeat(32);
/** Each character has three bytes. */
const many = Array.from({ length: 3000 }, (_, index) => `${'漢'.repeat(300)}${index}`);

it('lockfiles may name anything: the journal keeps it within bounds, and no report obeys it', async () => {
  const packages = [...many, evil + '漢'.repeat(MEGABYTE), evil].map((name) => {
    const resolved = `https://r.example/${name}`;
    return [`node_modules/${name}`, { version: evil, resolved }];
  });
  write({
    'package-lock.json': JSON.stringify({ lockfileVersion: 3, packages: Object.fromEntries(packages) }),
    'Cargo.lock': `version = 3\n[[package]]\nname = "${'c'.repeat(2 * MEGABYTE)}"\nversion = "1"\nchecksum = "${hex}"\nsource = "registry+https://r.example"\n`,
    'requirements.txt': `${'r'.repeat(2 * MEGABYTE)}==1.0 ${`--hash=sha256:${hex} `.repeat(50_000)}\n`,
    'poetry.lock': `[[package]\n${evil}`,
    [`Dockerfile.${evil.replaceAll(/[/\r\n]/g, '')}`]: `FROM ${'d'.repeat(MEGABYTE)}@sha256:${hex}\n`,
  });
  const reports = formatIds.flatMap((format) => ['--report', `${format}=out.${format}`]);
  const ran = await run('-o', 'run.jsonl', '--summary', 'always', '--verbose', ...reports, '--', 'true');
  expect(ran.code, ran.stderr).toBe(0);
  expect(ran.stderr).toContain('poetry.lock');
  expect(ran.stderr).not.toMatch(raw);
  for (const format of formatIds) {
    const report = read(`out.${format}`);
    expect(report, format).not.toMatch(raw);
    if (format === 'markdown') expect(withoutCode(report)).not.toContain('<img');
    expect(report.length, format).toBeLessThan(MEGABYTE / 10);
  }
  const loaded = readJournal(join(shop().project, 'run.jsonl')).of('lockfile-loaded');
  expect(new Set(loaded.map(({ ecosystem }) => ecosystem))).toEqual(new Set(['npm', 'cargo', 'pypi', 'oci']));
  expect(loaded.flatMap(({ ecosystem, entries }) => (ecosystem === 'npm' ? entries : []))).toHaveLength(3002);
  for (const { entries } of loaded)
    for (const { expected, ...named } of entries) {
      expect(JSON.stringify(named).length).toBeLessThan(10_000);
      expect(expected.length).toBeLessThanOrEqual(2000);
    }
  expect(read('run.jsonl').length).toBeLessThan(3 * MEGABYTE);

  const refused = await run('-o', 'other.jsonl', '--lockfile', 'poetry.lock', '--', 'true');
  expect([refused.code, refused.stderr]).toEqual([125, expect.not.stringMatching(raw)]);
});

it('a baseline may name what is visible, of which nothing is lost; no report obeys it', async () => {
  const visible = '::error::x|<img/src=x>`[a](javascript:x)';
  const lines = [...many, visible].map((name) => `host ${name}\nartifact ${name} -\n`);
  write({ 'proxaudit.lock': `version 1\n${lines.join('')}` });
  const reports = formatIds.flatMap((format) => ['--report', `${format}=out.${format}`]);
  const options = ['--no-lockfiles', '--baseline', 'proxaudit.lock', '-o', 'run.jsonl', ...reports];
  const ran = await run('--summary', 'always', '--verbose', ...options, '--', 'true');
  expect(ran.code, ran.stderr).toBe(0);
  expect(ran.stderr).not.toMatch(raw);
  expect(read('out.markdown')).not.toMatch(raw);
  expect(withoutCode(read('out.markdown'))).not.toContain('<img');
  const loaded = readJournal(join(shop().project, 'run.jsonl')).of('baseline-loaded');
  expect(loaded.flatMap(({ hosts }) => hosts)).toHaveLength(3001);
  expect(loaded.flatMap(({ artifacts }) => artifacts)).toHaveLength(3001);
  const markdown = await run('diff', 'proxaudit.lock', 'run.jsonl', '--format', 'markdown');
  expect(markdown.code).toBe(120);
  expect(markdown.stdout.toString()).not.toMatch(raw);
  expect(withoutCode(markdown.stdout.toString())).not.toContain('<img');
  const text = await run('lock', '--check', 'run.jsonl');
  expect(text.stdout.toString()).not.toMatch(raw);

  write({ 'proxaudit.lock': `version 1\nhost ${evil.slice(0, 12)}\n` });
  const refused = await run(...options, '--', 'true');
  expect([refused.code, refused.stderr]).toEqual([
    125,
    expect.stringContaining('proxaudit.lock:2: expected no'),
  ]);
  expect(refused.stderr).not.toMatch(raw);
});
