import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listenOnLoopback } from '../helpers/origin/listening.ts';
import { useScene } from '../helpers/scene.ts';

const scene = useScene('bad-usage');

/** Each option wrong once; what of its message must be there. */
const wrong: readonly (readonly [args: readonly string[], said: string])[] = [
  [['--no-such-option'], "unknown option '--no-such-option'"],
  [['--output='], "option '-o, --output <file>' argument '' is invalid. Expected the name of a file."],
  [
    ['--report', 'jsn'],
    "argument 'jsn' is invalid. Expected FORMAT or FORMAT=PATH, with FORMAT one of cyclonedx, intoto, json, markdown, predicate, sarif, slsa",
  ],
  [['--summary', 'maybe'], 'Allowed choices are auto, always, never.'],
  [['--quiet=1'], "unknown option '--quiet=1'"],
  [['--passthrough', 'https://a.example'], 'Expected a host name or *.SUFFIX, without scheme or port.'],
  [['--log-level', 'loud'], 'Allowed choices are silent, error, warn, info, debug, trace.'],
  [['--include-local=1'], "unknown option '--include-local=1'"],
  [['--resolve', 'a.example'], 'Expected HOST[:PORT]=ADDRESS[:PORT].'],
  [['--upstream-ca', ''], 'Expected the name of a file.'],
  [['--ca-cert', ''], 'Expected the name of a file.'],
  [['--ca-key', ''], 'Expected the name of a file.'],
  [['--ca', 'other'], 'Allowed choices are ephemeral, mkcert.'],
  [['--host', '0.0.0.0'], 'Expected a loopback address: 127.0.0.1, ::1 or localhost.'],
  [['--port', '70000'], 'Expected a whole number from 0 to 65535.'],
  [['--drain', 'long'], 'Expected a number from 0 to 3600.'],
];

async function expectRefusal(args: readonly string[], said: string, code: number, env = scene().user.env) {
  const result = await scene().user.proxaudit(args, { env });
  expect([result.code, result.stdout.toString()], result.stderr).toEqual([code, '']);
  expect(result.stderr).toMatch(/^proxaudit: [^\n]+\n {2}[^\n]+\n$/);
  expect(result.stderr).toContain(said);
}

describe('a bad option keeps the command from being run, with 125 and what was expected', () => {
  it.each(wrong)('%j', async (args, said) => {
    await expectRefusal([...args, '--', 'echo', 'ran'], said, 125);
  });

  it('in a variable', async () => {
    const env = { ...scene().user.env, PROXAUDIT_PORT: 'x', PROXAUDIT_SUMMARY: 'auto' };
    await expectRefusal(['--', 'echo', 'ran'], "value 'x' from env 'PROXAUDIT_PORT' is invalid.", 125, env);
  });

  it('-c and a command', async () => {
    await expectRefusal(['-c', 'true', '--', 'echo', 'ran'], 'Both -c and a command were given.', 125);
  });

  it('a port that is taken, or an address that is not there', async () => {
    const taken = await listenOnLoopback(createServer());
    await expectRefusal(
      ['--port', String(taken.port), '--', 'echo', 'ran'],
      `cannot listen on 127.0.0.1:${taken.port}: another program listens there\n`,
      125,
    );
    await taken.close();
  });
});

describe('proxaudit report ends with 2', () => {
  it.each([
    [['--no-such-option'], "unknown option '--no-such-option'"],
    [['--summary', 'maybe'], 'Allowed choices are'],
    [['--report', 'jsn'], 'FORMAT one of cyclonedx, intoto, json, markdown, predicate, sarif, slsa'],
    [['--port', '1'], "unknown option '--port'"],
  ] as const)('for %j', async (args, said) => {
    await expectRefusal(['report', ...args], said, 2);
  });
});

describe('help and version', () => {
  it.each([['--help'], ['-h'], ['--version'], ['-V'], ['report', '--help']])(
    '%s ends with 0, on stdout',
    async (...args) => {
      const result = await scene().user.proxaudit(args);
      expect([result.code, result.stderr]).toEqual([0, '']);
      expect(result.stdout.toString()).toMatch(/\S/);
    },
  );

  it.each([
    [],
    ['report'],
    ['runs'],
    ['runs', 'list'],
    ['diff'],
    ['lock'],
    ['env'],
    ['ca'],
    ['ca', 'create'],
  ])(
    'the help of %s %s fits 80 columns, with no line broken in the middle of a sentence',
    async (...words) => {
      const help = (await scene().user.proxaudit([...words, '--help'])).stdout.toString();
      const lines = help.split('\n');
      for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
      const [, description = ''] = help.split('\n\n');
      for (const line of description.split('\n').slice(0, -1))
        expect(line, help).toMatch(/[.:]$|^ {2}|^Commands:|.{55}/);
    },
  );

  it('help names every option with its variable', async () => {
    const help = (await scene().user.proxaudit(['--help'])).stdout.toString();
    for (const [[option = '']] of wrong.slice(1)) expect(help).toContain(option.split('=')[0]);
    for (const name of ['OUTPUT', 'REPORT', 'SUMMARY', 'RESOLVE', 'PORT'])
      expect(help).toContain(`PROXAUDIT_${name}`);
  });
});

describe('the working directory', () => {
  it('that is gone is told, and nothing is run', () => {
    const { user, directory } = scene();
    const gone = join(directory, 'gone');
    const line = `mkdir '${gone}'; cd '${gone}'; rmdir '${gone}'; exec '${process.execPath}' '${process.cwd()}/bin/proxaudit.js' -- echo ran`;
    const { status, stdout, stderr } = spawnSync('sh', ['-c', line], { env: user.env, encoding: 'utf8' });
    expect([status, stdout]).toEqual([125, '']);
    expect(stderr).toContain('working directory');
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe('a command that is not there and looks like a subcommand', () => {
  const hintOf = async (...args: string[]) => {
    const { code, stderr } = await scene().user.proxaudit(['-q', ...args]);
    expect([code, stderr.split('\n')[0]]).toEqual([127, expect.stringMatching(/was not found in PATH$/)]);
    return stderr.split('\n')[1];
  };

  it('is told of it, unless it stood behind --', async () => {
    expect(await hintOf('reprot')).toBe('  Did you mean "proxaudit report"?');
    expect(await hintOf('run', 'list')).toBe('  Did you mean "proxaudit runs"?');
    expect(await hintOf('help')).toBe('  Did you mean "proxaudit --help"?');
    expect(await hintOf('--', 'reprot')).toBe('');
    expect(await hintOf('no-such-program')).toBe('');
  });
});
