import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseCa } from '../../src/cli/choose-ca.ts';
import { chooseLockfiles } from '../../src/cli/choose-lockfiles.ts';
import { createMainCommand } from '../../src/cli/commands.ts';
import { applyConfiguration } from '../../src/cli/configuration.ts';
import { optionTable } from '../../src/cli/option-table.ts';
import { createOption, keyOf, summaryWhen, variableOf, type RunOptions } from '../../src/cli/options.ts';
import { parseOptions } from '../../src/cli/parse-options.ts';
import { writeReports } from '../../src/cli/write-reports.ts';
import { AuditError } from '../../src/support/errors.ts';
import { emptyRun } from '../reports/read-fixture.ts';

const before = { env: { ...process.env }, cwd: process.cwd() };
let directory = '';
let own = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'proxaudit-test-configuration-'));
  own = join(directory, 'config', 'proxaudit', 'proxaudit.yaml');
  mkdirSync(dirname(own), { recursive: true });
  mkdirSync(join(directory, 'work'));
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('PROXAUDIT_')) Reflect.deleteProperty(process.env, name);
  }
  process.env['XDG_CONFIG_HOME'] = join(directory, 'config');
  process.chdir(join(directory, 'work'));
});
afterEach(() => {
  process.chdir(before.cwd);
  process.env = { ...before.env };
  rmSync(directory, { recursive: true, force: true });
});

interface Given {
  readonly args?: readonly string[];
  readonly variables?: Record<string, string>;
  /** The user's own file. */
  readonly own?: string | Buffer;
  /** The one in the working directory. */
  readonly found?: string;
  /** The one that `--config` names. */
  readonly named?: string;
}

async function read(given: Given) {
  if (given.own !== undefined) writeFileSync(own, given.own);
  if (given.found !== undefined) writeFileSync('proxaudit.yaml', given.found);
  if (given.named !== undefined) writeFileSync('named.yaml', given.named);
  Object.assign(process.env, given.variables);
  const command = createMainCommand();
  parseOptions(command, [
    ...(given.named === undefined ? [] : ['--config', 'named.yaml']),
    ...(given.args ?? []),
  ]);
  const waivers = await applyConfiguration(command);
  return { command, waivers, options: command.opts<RunOptions>() };
}

async function refusal(given: Given): Promise<AuditError> {
  const error: unknown = await read(given).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof AuditError) return error;
  throw new Error('nothing was refused', { cause: error });
}

/** For each option three values as they are typed, none of them its default. */
const samples: Readonly<Record<string, readonly [file: string, variable: string, flag: string]>> = {
  output: ['a', 'b', '-'],
  report: ['json', 'markdown', 'json=x y'],
  summary: ['always', 'never', 'auto'],
  quiet: ['true', 'no', 'yes'],
  verbose: ['true', 'no', 'yes'],
  'fail-on': ['mismatch', 'any', 'error,unlocked'],
  lockfile: ['a', 'b', 'c'],
  'no-lockfiles': ['true', 'no', 'yes'],
  baseline: ['a', 'b', 'c'],
  passthrough: ['a.example', 'b.example', '*.c.example'],
  'on-refusal': ['tunnel', 'fail', 'tunnel'],
  'log-headers': ['none', 'all', 'none'],
  'log-body': ['1', '262144', '3'],
  'log-level': ['silent', 'info', 'trace'],
  'include-local': ['true', 'no', 'yes'],
  resolve: ['a.example=127.0.0.1', 'a.example=127.0.0.2', 'a.example:1=127.0.0.3:2'],
  'upstream-ca': ['a', 'b', 'c'],
  'upstream-proxy': ['http://a.example', 'none', 'socks5h://c.example'],
  'client-cert': ['a.example=f', '*.b.example:1=f', 'c.example=c.pem,k.pem'],
  'ca-cert': ['a', 'b', 'c'],
  'ca-key': ['a', 'b', 'c'],
  ca: ['mkcert', 'ephemeral', 'mkcert'],
  host: ['127.0.0.2', '::1', 'localhost'],
  port: ['1', '2', '3'],
  drain: ['1.5', '0', '3'],
};

describe('every option', () => {
  it('has a flag, a variable and a key of one name', () => {
    const names = createMainCommand().options.map(({ long, envVar }) => [long ?? '-c', envVar]);
    const derived = optionTable.map((spec) => [`--${keyOf(spec)}`, variableOf(spec)]);
    expect(names).toEqual([['-c', undefined], ...derived, ['--version', undefined]]);
    for (const [flag = '', variable = ''] of derived) {
      expect(variable).toBe(`PROXAUDIT_${flag.slice(2).replaceAll('-', '_').toUpperCase()}`);
    }
    const keys = optionTable.filter(({ isNoKey }) => isNoKey !== true).map(keyOf);
    expect(keys).toEqual(expect.arrayContaining(Object.keys(samples)));
    expect(Object.keys(samples).sort()).toEqual([...keys].sort());
  });

  it.each(optionTable.filter(({ isNoKey }) => isNoKey !== true).map((spec) => [keyOf(spec), spec] as const))(
    '%s: flag > variable > file > default',
    async (key, spec) => {
      const [inFile, inVariable, asFlag] = samples[key] ?? ['', '', ''];
      const name = createOption(spec).attributeName() as keyof RunOptions;
      const variables = { [variableOf(spec)]: inVariable };
      const args = spec.takes === undefined ? [`--${key}`] : [`--${key}`, asFlag];
      const valueOf = async (given: Given) => (await read(given)).options[name];

      const initial = await valueOf({});
      const fromFile = await valueOf({ own: `${key}: ${inFile}\n` });
      const fromVariable = await valueOf({ variables });
      const fromFlag = await valueOf({ args });
      expect(fromFile).not.toEqual(initial);
      expect(fromVariable).not.toEqual(fromFile);
      expect(fromFlag).not.toEqual(fromVariable);

      // The file and the variable of before are still there.
      Reflect.deleteProperty(process.env, variableOf(spec));
      expect(await valueOf({ variables: { [variableOf(spec)]: '' } })).toEqual(fromFile);
      rmSync(own);
      expect(await valueOf({})).toEqual(initial);
      expect(await valueOf({ named: `${key}: ${inFile}\n` })).toEqual(fromFile);
      expect(await valueOf({ named: `${key}: ${inFile}\n`, own: `${key}:\n` })).toEqual(fromFile);
    },
  );
});

describe('values', () => {
  it('of a repeatable option are a list, or one; what counts more replaces it', async () => {
    const list = 'passthrough: [a.example, "*.b.example"]\nreport:\n  - json\n  - markdown=a b.md\n';
    const { options } = await read({ own: list });
    expect(options.passthrough).toEqual(['a.example', '*.b.example']);
    expect(options.report.map(({ format, path }) => [format, path])).toEqual([
      ['json', undefined],
      ['markdown', 'a b.md'],
    ]);
    expect((await read({ args: ['--passthrough', 'c.example'] })).options.passthrough).toEqual(['c.example']);
    expect((await read({ own: 'passthrough: []\n' })).options.passthrough).toEqual([]);
  });

  it('are meant as they are written', async () => {
    expect((await read({ own: 'output: 1.10\nport: "8080"\nhost: ::1\n' })).options).toMatchObject({
      output: '1.10',
      port: 8080,
      host: '::1',
    });
  });

  it('of an empty file, or one of comments, are none', async () => {
    const { options } = await read({});
    for (const text of ['', '# nothing\n', '---\n'])
      expect((await read({ own: text })).options).toEqual(options);
  });

  it('of quiet and summary, and of the two kinds of CA, are told apart by what counts more', async () => {
    const when = async (given: Given) => summaryWhen((await read(given)).command);
    const file = 'quiet: true\nsummary: always\n';
    expect(await when({ own: file })).toBe('never');
    expect(await when({ own: file, args: ['--summary=always'] })).toBe('always');
    expect(await when({ own: 'summary: always\n', args: ['-q'] })).toBe('never');
    const cas = 'ca-cert: c\nca-key: k\n';
    expect(chooseCa((await read({ own: cas })).command)).toEqual({
      kind: 'files',
      certFile: 'c',
      keyFile: 'k',
    });
    expect(chooseCa((await read({ own: cas, args: ['--ca', 'ephemeral'] })).command)).toEqual({
      kind: 'ephemeral',
    });
    const variables = { PROXAUDIT_CA_CERT: 'c', PROXAUDIT_CA_KEY: 'k' };
    expect(chooseCa((await read({ own: 'ca: mkcert\n', variables })).command)).toMatchObject({
      kind: 'files',
    });
    const both = (
      await read({ own: `${cas}ca: mkcert\n`, variables: { PROXAUDIT_CA_CERT: '', PROXAUDIT_CA_KEY: '' } })
    ).command;
    expect(() => chooseCa(both)).toThrow('two different CAs');
  });
});

describe('lockfiles', () => {
  const chosen = async (given: Given) => chooseLockfiles((await read(given)).command);

  it('are found, named or none; what counts more wins', async () => {
    expect(await chosen({})).toBe('find');
    expect(await chosen({ args: ['--lockfile', 'a', '--lockfile', 'b c'] })).toEqual(['a', 'b c']);
    expect(await chosen({ args: ['--no-lockfiles'] })).toBe('none');
    expect(await chosen({ variables: { PROXAUDIT_NO_LOCKFILES: '1' } })).toBe('none');
    expect(await chosen({ variables: { PROXAUDIT_NO_LOCKFILES: '0' } })).toBe('find');
    Reflect.deleteProperty(process.env, 'PROXAUDIT_NO_LOCKFILES');
    expect(await chosen({ own: 'no-lockfiles: true\n' })).toBe('none');
    expect(await chosen({ own: 'no-lockfiles: true\n', args: ['--lockfile', 'a'] })).toEqual(['a']);
    expect(await chosen({ own: 'no-lockfiles: false\nlockfile: a\n' })).toEqual(['a']);
    expect(await chosen({ own: 'lockfile: a\n', args: ['--no-lockfiles'] })).toBe('none');
  });

  it('of a found file lie in the working directory', async () => {
    expect(await chosen({ found: 'lockfile: [sub/package-lock.json]\n' })).toEqual(['sub/package-lock.json']);
    const { message } = await refusal({ found: 'lockfile: ../other/package-lock.json\n' });
    expect(message).toBe(
      'proxaudit.yaml:1: expected a path below the working directory, none of its parts beginning with a dot',
    );
  });
});

describe('waivers', () => {
  const list = 'waivers:\n  - { finding: upload, subject: a.example, reason: known, expires: 2027-01-31 }\n';

  it('are those of every file', async () => {
    const found = 'waivers:\n  - finding: bypass\n    subject: "git *"\n    reason: by ssh\n';
    expect((await read({ own: list, found })).waivers).toEqual([
      {
        path: own,
        waivers: [{ finding: 'upload', subject: 'a.example', reason: 'known', expires: '2027-01-31' }],
      },
      { path: 'proxaudit.yaml', waivers: [{ finding: 'bypass', subject: 'git *', reason: 'by ssh' }] },
    ]);
    rmSync('proxaudit.yaml');
    expect((await read({ own: 'waivers: []\n' })).waivers).toEqual([]);
  });

  it.each([
    ['waivers: all', 1, 'expected a list of waivers'],
    ['waivers:\n  - upload', 2, 'expected a waiver'],
    [
      'waivers:\n  - finding: uplaod\n    subject: a\n    reason: b',
      2,
      'there is no such finding; expected one of mismatch',
    ],
    ['waivers:\n  - finding: tampered\n    subject: a\n    reason: b', 2, 'tampered cannot be waived'],
    ['waivers:\n  - finding: upload\n    subject: a', 2, 'the waiver has no reason'],
    ['waivers:\n  - finding: upload\n    subject: a\n    reason: " "', 4, 'expected a text'],
    [
      'waivers:\n  - finding: upload\n    subject: a\n    reason: b\n    expires: soon',
      5,
      'expires: expected a day',
    ],
    [
      'waivers:\n  - finding: upload\n    subject: a\n    reason: b\n    expires: 2027-02-30',
      5,
      'expires: expected a day',
    ],
    [
      'waivers:\n  - finding: upload\n    subject: a\n    why: b',
      4,
      'expected finding, subject, reason or expires',
    ],
    ['waivers:\n  - &a { finding: upload, subject: a, reason: b }\n  - *a', 3, 'expected a waiver'],
  ])('%j is refused', async (text, line, problem) => {
    const { message } = await refusal({ found: `${text}\n` });
    expect(message).toContain(`proxaudit.yaml:${line}: ${problem}`);
  });
});

describe('the files', () => {
  it('count in the order of who can be trusted more', async () => {
    const found = 'report: [markdown=found.md]\n';
    const reports = async (given: Given) => (await read(given)).options.report.map(({ path }) => path);
    expect(await reports({ found })).toEqual(['found.md']);
    expect(await reports({ own: 'report: [json=own.json]\n' })).toEqual(['own.json']);
    expect(await reports({ named: 'verbose: true\n' })).toEqual([]);
    expect(await reports({ variables: { PROXAUDIT_CONFIG: 'named.yaml' } })).toEqual([]);
  });

  it('that was named must be there', async () => {
    const error = await refusal({ args: ['--config', 'missing.yaml'] });
    expect(error.message).toBe('missing.yaml: cannot be read: there is no such file or directory');
  });

  it('in the working directory may be the user’s own one', async () => {
    process.chdir(dirname(own));
    expect((await read({ own: 'port: 1\n' })).options.port).toBe(1);
  });

  it('in the working directory says nothing about what is recorded', async () => {
    for (const [key, [value]] of Object.entries(samples)) {
      if (['report', 'lockfile', 'no-lockfiles', 'baseline'].includes(key)) continue;
      const { message, hint } = await refusal({ found: `# a comment\n${key}: ${value}\n` });
      expect(message).toBe(
        `proxaudit.yaml:2: ${key} may not be set here: the command that is audited can write this file`,
      );
      expect(hint).toContain(`--${key}`);
      expect(hint).toContain(own);
    }
  });

  it.each(['../up.md', '/etc/up.md', 'a/../../up.md', '.git/config', 'a/.hidden', '-', 'a//b', './a'])(
    'in the working directory has no report written to %s',
    async (path) => {
      expect((await refusal({ found: `report: ["markdown=${path}"]\n` })).message).toMatch(
        /^proxaudit\.yaml:1: expected a path below the working directory/,
      );
      expect((await read({ own: `report: ["markdown=${path}"]\n`, found: '' })).options.report).toHaveLength(
        1,
      );
    },
  );

  it('in the working directory has no report written through a link', async () => {
    mkdirSync(join(directory, 'elsewhere'));
    symlinkSync(join(directory, 'elsewhere'), 'folder');
    symlinkSync(join(directory, 'elsewhere', 'file'), 'link.md');
    mkdirSync('real');
    const { options } = await read({
      found: 'report: [markdown=folder/a.md, markdown=link.md, markdown=real/b.md]\n',
    });
    const { written, failed } = await writeReports(options.report, emptyRun, {
      stdout: false,
      directory: null,
    });
    expect(written).toEqual(['real/b.md']);
    expect(failed.map(({ message }) => message)).toEqual([
      expect.stringContaining('leads out of the working directory'),
      expect.stringContaining('a symbolic link is there, and is not replaced'),
    ]);
  });
});

describe('what is wrong is told with file and line, and what was expected', () => {
  it.each<[text: string, problem: string]>([
    ['polcy: x', ':1: unknown key polcy'],
    ['verbsoe: true', ':1: unknown key verbsoe (did you mean verbose?)'],
    ['\n\nupstreamCa: x', ':3: unknown key upstreamCa (did you mean upstream-ca?)'],
    ['PROXAUDIT_PORT: 1', ':1: unknown key PROXAUDIT_PORT (did you mean port?)'],
    ['--port: 1', ':1: unknown key --port (did you mean port?)'],
    ['policy: x', ':1: policy is not available in this version'],
    ['config: x', ':1: config cannot be set in a file: use --config or PROXAUDIT_CONFIG'],
    ['c: true', ':1: unknown key c'],
    ['verbose: true\nport: http', ':2: expected a whole number from 0 to 65535'],
    ['port: 1.5', ':1: expected a whole number from 0 to 65535'],
    ['port: [1]', ':1: expected one value, not a list'],
    ['port: {a: 1}', ':1: expected a plain value'],
    ['port:', ':1: expected a value; leave the key out for none'],
    ['port: ~', ':1: expected a value; leave the key out for none'],
    ['output: ""', ':1: expected the name of a file'],
    ['verbose: 1', ':1: expected true or false'],
    ['verbose: "true"', ':1: expected true or false'],
    ['verbose: yes', ':1: expected true or false'],
    ['summary: often', ':1: expected one of auto, always, never'],
    ['passthrough:\n  - a.example\n  - https://b.example', ':3: expected a host name or *.SUFFIX'],
    ['passthrough:\n  - a.example\n  -', ':3: expected a value'],
    ['resolve: [x]', ':1: expected HOST[:PORT]=ADDRESS[:PORT]'],
    ['report: [jsn]', 'with FORMAT one of cyclonedx, '],
    ['port: 1\nport: 2', ':2: this key stands here a second time'],
    ['port: 1\n---\nport: 2', ':2: a second document begins here; expected one'],
    ['port: !x 1', ':1: expected plain YAML, without tags of its own'],
    ['output: &a x\nca-cert: *a', ':2: expected a plain value'],
    ['- port', ':1: expected "key: value" lines'],
    ['port', ':1: expected "key: value" lines'],
    ['? [a]\n: 1', ':1: expected the name of an option'],
    ['1: 1', ':1: expected the name of an option'],
    ['output: "x', ':1: not valid YAML: Missing closing "quote'],
    ['\tport: 1', ':1: not valid YAML: Tabs are not allowed as indentation'],
  ])('%j', async (text, problem) => {
    const { code, message } = await refusal({ own: text });
    expect(code).toBe('bad-usage');
    expect(message).toContain(own);
    expect(message).toContain(problem);
    expect(message).not.toContain('\n');
  });

  it('what has no end', async () => {
    const messageOf = async (text: string) => (await refusal({ own: text })).message;
    expect(await messageOf(`a: ${'['.repeat(60_000)}`)).toContain('nested too deeply');
    expect(await messageOf(`output: ${'x'.repeat(70_000)}`)).toContain(
      ': cannot be read: it is larger than 64.0 kB',
    );
    expect(await messageOf(`passthrough: [${'a.example,'.repeat(1001)}]`)).toContain(
      ':1: expected at most 1000 items',
    );
  });

  it('bytes that are no text', async () => {
    const { message } = await refusal({ own: Buffer.from('output: \xff', 'latin1') });
    expect(message).toContain('cannot be read: it is no UTF-8 text');
  });

  it('a pipe in the working directory', async () => {
    const { spawnSync } = await import('node:child_process');
    spawnSync('mkfifo', ['proxaudit.yaml']);
    expect((await refusal({})).message).toBe('proxaudit.yaml: cannot be read: it is no regular file');
  });

  it('and never a value, which may be a secret', async () => {
    const secret = 'S3cr3tPassw0rdOfSomebody';
    for (const text of [
      `port: ${secret}`,
      `${secret}${secret}: 1`,
      `passthrough: https://me:${secret}@h.example`,
      `output: "${secret}`,
      `summary: {${secret}`,
      `a: b: ${secret}`,
      `verbose: !${secret} x`,
    ]) {
      const { message, hint } = await refusal({ own: text });
      expect(`${message}${hint ?? ''}`, text).not.toContain(secret);
    }
    const typed = (args: string[]) => refusal({ own: '', args });
    expect((await typed(['--passthrough', `https://me:${secret}@h.example`])).message).not.toContain(secret);
    expect((await typed([`--tokn=${secret}`])).message).toContain('--tokn');
  });
});
