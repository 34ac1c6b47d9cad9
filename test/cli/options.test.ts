import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMainCommand } from '../../src/cli/commands.ts';
import { summaryWhen, type RunOptions } from '../../src/cli/options.ts';
import { parseOptions } from '../../src/cli/parse-options.ts';
import { AuditError } from '../../src/support/errors.ts';

const before = { ...process.env };

beforeEach(() => {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('PROXAUDIT_')) Reflect.deleteProperty(process.env, name);
  }
});
afterEach(() => {
  process.env = { ...before };
});

function parse(args: readonly string[], variables: Record<string, string> = {}) {
  Object.assign(process.env, variables);
  const command = createMainCommand();
  parseOptions(command, args);
  return { options: command.opts<RunOptions>(), summary: summaryWhen(command) };
}

function refusal(args: readonly string[], variables: Record<string, string> = {}): AuditError {
  try {
    parse(args, variables);
  } catch (error) {
    if (error instanceof AuditError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('without options', () => {
  it('the defaults hold', () => {
    expect(parse([]).options).toEqual({
      report: [],
      failOn: [],
      lockfile: [],
      lockfiles: true,
      summary: 'auto',
      passthrough: [],
      onRefusal: 'fail',
      logHeaders: 'safe',
      logBody: 0,
      logLevel: 'warn',
      resolve: [],
      clientCert: [],
      host: '127.0.0.1',
      port: 0,
      drain: 2,
    });
  });
});

describe('a flag, and its variable', () => {
  it.each<[flags: string[], variable: string, value: string, member: keyof RunOptions, expected: unknown]>([
    [['-o', 'x'], 'PROXAUDIT_OUTPUT', 'x', 'output', 'x'],
    [['--output', '-'], 'PROXAUDIT_OUTPUT', '-', 'output', '-'],
    [['-q'], 'PROXAUDIT_QUIET', '1', 'quiet', true],
    [['--summary', 'always'], 'PROXAUDIT_SUMMARY', 'always', 'summary', 'always'],
    [['--verbose'], 'PROXAUDIT_VERBOSE', 'true', 'verbose', true],
    [['--log-level', 'debug'], 'PROXAUDIT_LOG_LEVEL', 'debug', 'logLevel', 'debug'],
    [['--include-local'], 'PROXAUDIT_INCLUDE_LOCAL', 'yes', 'includeLocal', true],
    [
      ['--passthrough', 'a.example', '--passthrough', '*.b.example'],
      'PROXAUDIT_PASSTHROUGH',
      ' a.example\t*.b.example ',
      'passthrough',
      ['a.example', '*.b.example'],
    ],
    [
      ['--resolve', 'a.example=127.0.0.1'],
      'PROXAUDIT_RESOLVE',
      'a.example=127.0.0.1',
      'resolve',
      [{ host: 'a.example', port: undefined, address: '127.0.0.1', toPort: undefined }],
    ],
    [['--upstream-ca', 'f'], 'PROXAUDIT_UPSTREAM_CA', 'f', 'upstreamCa', 'f'],
    [['--upstream-proxy', 'none'], 'PROXAUDIT_UPSTREAM_PROXY', 'none', 'upstreamProxy', 'none'],
    [
      ['--client-cert', '*.a.example=a b.pem', '--client-cert', '[::1]:8443=c.pem,k.pem'],
      'PROXAUDIT_CLIENT_CERT',
      '*.a.example=a b.pem\n[::1]:8443=c.pem,k.pem',
      'clientCert',
      [
        { host: '*.a.example', port: undefined, certFile: 'a b.pem', keyFile: undefined },
        { host: '::1', port: 8443, certFile: 'c.pem', keyFile: 'k.pem' },
      ],
    ],
    [['--ca-cert', 'f'], 'PROXAUDIT_CA_CERT', 'f', 'caCert', 'f'],
    [['--ca-key', 'f'], 'PROXAUDIT_CA_KEY', 'f', 'caKey', 'f'],
    [['--ca', 'mkcert'], 'PROXAUDIT_CA', 'mkcert', 'ca', 'mkcert'],
    [['--host', '::1'], 'PROXAUDIT_HOST', '::1', 'host', '::1'],
    [['--port', '8080'], 'PROXAUDIT_PORT', '8080', 'port', 8080],
    [['--drain', '0.5'], 'PROXAUDIT_DRAIN', '0.5', 'drain', 0.5],
  ])('%j is %s=%s', (flags, variable, value, member, expected) => {
    expect(parse(flags).options[member]).toEqual(expected);
    expect(parse([], { [variable]: value }).options[member]).toEqual(expected);
  });

  it('every option has one, apart from what asks for text', () => {
    const without = createMainCommand().options.filter(({ envVar }) => envVar === undefined);
    expect(without.map(({ long, short }) => long ?? short)).toEqual(['-c', '--version']);
  });

  it('reports are named one by one, or line by line in the variable, for paths hold blanks', () => {
    const shown = (options: RunOptions) => options.report.map(({ format, path }) => [format, path]);
    const expected = [
      ['json', undefined],
      ['markdown', 'a b.md'],
    ];
    expect(shown(parse(['--report', 'json', '--report=markdown=a b.md']).options)).toEqual(expected);
    expect(shown(parse([], { PROXAUDIT_REPORT: 'json\nmarkdown=a b.md\n' }).options)).toEqual(expected);
  });

  it('the flag wins, and does not add to the variable', () => {
    const variables = { PROXAUDIT_PORT: '1', PROXAUDIT_PASSTHROUGH: 'a.example', PROXAUDIT_SUMMARY: 'never' };
    const { options, summary } = parse(
      ['--port=2', '--passthrough=b.example', '--summary=always'],
      variables,
    );
    expect([options.port, options.passthrough, summary]).toEqual([2, ['b.example'], 'always']);
  });

  it('a flag’s variable can say no', () => {
    for (const no of ['0', 'false', 'no', 'off']) {
      const variables = { PROXAUDIT_VERBOSE: no, PROXAUDIT_INCLUDE_LOCAL: no, PROXAUDIT_QUIET: no };
      expect(parse([], variables).options).toMatchObject({
        verbose: false,
        includeLocal: false,
        quiet: false,
      });
      expect(parse(['--verbose'], variables).options.verbose).toBe(true);
    }
  });

  it('an empty variable is as good as none', () => {
    const names = createMainCommand().options.flatMap(({ envVar }) => envVar ?? []);
    const empty = Object.fromEntries(names.map((name) => [name, '']));
    expect(parse([], empty).options).toEqual(parse([]).options);
  });
});

describe('the summary', () => {
  it.each<[flags: string[], variables: Record<string, string>, when: string]>([
    [[], {}, 'auto'],
    [['-q'], {}, 'never'],
    [['-q', '--summary=always'], {}, 'never'],
    [['-q'], { PROXAUDIT_SUMMARY: 'always' }, 'never'],
    [['--summary=always'], { PROXAUDIT_QUIET: '1' }, 'always'],
    [[], { PROXAUDIT_QUIET: '1', PROXAUDIT_SUMMARY: 'always' }, 'never'],
    [[], { PROXAUDIT_SUMMARY: 'never' }, 'never'],
  ])('with %j and %j comes %s', (flags, variables, when) => {
    expect(parse(flags, variables).summary).toBe(when);
  });
});

describe('bad usage names the option, what was wrong and what was expected', () => {
  it.each<[args: string[], message: RegExp]>([
    [['--polcy'], /^unknown option '--polcy'/],
    [['--repor', 'json'], /^unknown option '--repor' \(Did you mean --report\?\)$/],
    [['-x'], /^unknown option '-x'$/],
    [['-o'], /^option '-o, --output <file>' argument missing$/],
    [['--output='], /^option '-o, --output <file>' argument '' is invalid\. Expected the name of a file\.$/],
    [['-c'], /^option '-c <line>' argument missing$/],
    [
      ['--report', 'jsn'],
      /'jsn' is invalid\. Expected FORMAT or FORMAT=PATH, with FORMAT one of cyclonedx, .*, slsa\.$/,
    ],
    [['--summary', 'sometimes'], /'sometimes' is invalid\. Allowed choices are auto, always, never\.$/],
    [
      ['--passthrough', 'https://a.example'],
      /is invalid\. Expected a host name or \*\.SUFFIX, without scheme or port\.$/,
    ],
    [['--passthrough', 'a.example:443'], /Expected a host name/],
    [['--passthrough', 'a.*.example'], /Expected a host name/],
    [['--resolve', 'a.example'], /'a\.example' is invalid\. Expected HOST\[:PORT\]=ADDRESS\[:PORT\]\.$/],
    [['--upstream-ca', ''], /^option '--upstream-ca <file>' argument '' is invalid/],
    [['--ca-cert', ''], /^option '--ca-cert <file>' argument '' is invalid/],
    [['--ca-key', ''], /^option '--ca-key <file>' argument '' is invalid/],
    [['--ca', 'other'], /'other' is invalid\. Allowed choices are ephemeral, mkcert\.$/],
    [['--host', '0.0.0.0'], /'0\.0\.0\.0' is invalid\. Expected a loopback address/],
    [['--host', 'a.example'], /Expected a loopback address/],
    [['--port', 'http'], /'http' is invalid\. Expected a whole number from 0 to 65535\.$/],
    [['--port', '65536'], /Expected a whole number from 0 to 65535\.$/],
    [['--port', '80.5'], /Expected a whole number/],
    [['--port', '0x50'], /Expected a whole number/],
    [['--drain', '-1'], /is invalid\. Expected a number from 0 to 3600\.$|argument missing/],
    [['--drain', 'soon'], /'soon' is invalid\. Expected a number from 0 to 3600\.$/],
    [['--drain', '1e3'], /Expected a number/],
    [['--verbose=yes'], /^unknown option '--verbose=yes'|--verbose/],
  ])('%j', (args, message) => {
    const error = refusal(args);
    expect(error.code).toBe('bad-usage');
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('\n');
    expect(error.hint).toContain('proxaudit --help');
  });

  it.each<[variable: string, value: string, message: RegExp]>([
    ['PROXAUDIT_PORT', 'x', /value 'x' from env 'PROXAUDIT_PORT' is invalid\. Expected a whole number/],
    ['PROXAUDIT_SUMMARY', 'x', /from env 'PROXAUDIT_SUMMARY' is invalid\. Allowed choices/],
    ['PROXAUDIT_REPORT', 'json\nx', /from env 'PROXAUDIT_REPORT' is invalid\. .*--report x: expected FORMAT/],
    ['PROXAUDIT_RESOLVE', 'x', /from env 'PROXAUDIT_RESOLVE' is invalid\. Expected HOST/],
    ['PROXAUDIT_VERBOSE', 'maybe', /^variable PROXAUDIT_VERBOSE is 'maybe'; expected 1 or 0, true or false$/],
  ])('%s=%j', (variable, value, message) => {
    expect(refusal([], { [variable]: value }).message).toMatch(message);
  });
});
