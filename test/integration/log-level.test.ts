import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useScene } from '../helpers/scene.ts';

const scene = useScene('log-level');

interface Line {
  readonly level: string;
  readonly msg: string;
  readonly [fact: string]: unknown;
}

const download = ['curl', '-sS', '-o', '/dev/null', 'https://origin.test/random/1000/x?token=S3cr3tPassw0rd'];
const logFile = (): string =>
  join(scene().user.runs, scene().user.runIds().at(-1) ?? 'none', 'proxaudit.log');

function readLog(): Line[] {
  const lines = readFileSync(logFile(), 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Line);
}

async function run(args: readonly string[], command: readonly string[] = download) {
  const { user, options } = scene();
  return user.proxaudit([...options, ...args, '--', ...command]);
}

/** A client that says something to the proxy which is no request of it. */
const confused = [
  process.execPath,
  '-e',
  `const { hostname, port } = new URL(process.env.https_proxy);
   require('net').connect(port, hostname).end('CONNECT nowhere\\r\\n\\r\\n').resume();`,
];

describe('the log', () => {
  it('is not made by an ordinary run', async () => {
    const { code, stderr } = await run([]);
    expect(code, stderr).toBe(0);
    expect(existsSync(logFile())).toBe(false);
    expect(stderr).not.toContain('proxaudit.log');
  });

  it('tells at debug how a connection was handled, and the summary where it is', async () => {
    const { code, stderr } = await run(['--log-level', 'debug']);
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/^ {2}log .*/m);
    expect(stderr.replaceAll(/\n {11}/g, '')).toContain('proxaudit.log');
    const log = readLog();
    expect(log.map(({ msg }) => msg)).toEqual(
      expect.arrayContaining([
        'listening',
        'the HTTP/2 engine is loaded',
        'intercepted',
        'dialled',
        'the command has ended',
      ]),
    );
    expect(log.find(({ msg }) => msg === 'intercepted')).toMatchObject({ host: 'origin.test', port: 443 });
    expect(log.every(({ level }) => ['info', 'debug'].includes(level))).toBe(true);
    expect(statSync(logFile()).mode & 0o777).toBe(0o600);
  });

  it('tells each fact at trace, without its secrets', async () => {
    expect((await run(['--log-level=trace'])).code).toBe(0);
    expect(readLog().map(({ msg }) => msg)).toContain('exchange-completed');
    expect(readFileSync(logFile(), 'utf8')).not.toContain('S3cr3tPassw0rd');
  });

  it('tells by default what was refused', async () => {
    const { stderr } = await run([], confused);
    expect(stderr).toMatch(/^ {2}log .*/m);
    expect(readLog()).toMatchObject([
      {
        level: 'warn',
        msg: 'refused a request',
        code: 'bad-request',
        message: expect.stringContaining('request line'),
      },
    ]);
  });

  it('is not made when it is to be silent', async () => {
    const { stderr } = await run(['--log-level', 'silent'], confused);
    expect(existsSync(logFile())).toBe(false);
    expect(stderr).not.toContain('proxaudit.log');
  });

  it('goes to the run directory when the journal goes elsewhere, and nowhere without one', async () => {
    const journal = join(scene().directory, 'elsewhere.jsonl');
    expect((await run(['-o', journal, '--log-level', 'info'], ['true'])).code).toBe(0);
    expect(readLog()[0]).toMatchObject({ msg: 'listening', ca: 'made for this run' });
    const before = scene().user.runIds();
    const { stderr } = await run(['-o', '-', '--log-level', 'info'], ['true']);
    expect(stderr).not.toContain('proxaudit.log');
    expect(scene().user.runIds()).toEqual(before);
  });
});
