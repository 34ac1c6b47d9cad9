import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type * as Library from '../../src/library/index.ts';
import { checkJournal, readJournal } from '../helpers/audit-run.ts';
import { randomBody } from '../helpers/origin/random.ts';
import { runCommand } from '../helpers/origin/run-command.ts';
import { useScene } from '../helpers/scene.ts';

const scene = useScene('library');
let library: typeof Library;

beforeAll(async () => {
  library = (await import(resolve('dist/index.js'))) as typeof Library;
});

/** Options by which the scene's user reaches its origin. */
function reach(): Library.ProxyOptions {
  const { user, authority, origin } = scene();
  return {
    env: user.env,
    cwd: user.directory,
    upstreamCa: authority.file,
    resolve: {
      'origin.test:80': `127.0.0.1:${origin.ports.http}`,
      'origin.test:443': `127.0.0.1:${origin.ports.https}`,
    },
  };
}

const download = (name: string): string[] => ['curl', '-sS', `https://origin.test/random/1000/${name}`];
const urlsOf = (events: readonly Library.Event[]): string[] =>
  events.flatMap((event) => (event.type === 'exchange-completed' ? [event.request.url] : []));

describe('audit', () => {
  it('runs a command, and hands over what it wrote, how it ended, its run, and each event of its journal', async () => {
    const seen: Library.Event[] = [];
    const onEvent = (event: Library.Event): number => seen.push(event);
    const audit = library.audit(download('one'), { ...reach(), onEvent, stdout: 'pipe', stderr: 'pipe' });
    const read: Library.Event[] = [];
    for await (const event of audit.events) read.push(event);
    const { exit, run, journalFile, failure, stdout, stderr, isOutputTruncated } = await audit;
    expect([exit, failure, String(stderr), isOutputTruncated]).toEqual([
      { kind: 'code', code: 0 },
      null,
      '',
      false,
    ]);
    expect(randomBody(1000, 'one').equals(stdout ?? Buffer.alloc(0))).toBe(true);
    expect(run.hosts.map(({ host, requests }) => [host, requests])).toEqual([['origin.test', 1]]);
    expect(journalFile).toContain(scene().user.runs);
    const { events } = readJournal(journalFile ?? '');
    expect(seen).toEqual(events);
    expect(read).toEqual(events);
    expect((await checkJournal(journalFile ?? '')).code).toBe(0);
    expect(scene().user.trustDirectories()).toEqual([]);
    expect(await library.readRun(journalFile ?? '')).toEqual(run);
    expect(JSON.parse(library.renderReport(run, 'json'))).toEqual(JSON.parse(JSON.stringify(run)));
    expect(library.renderReport(run, 'markdown')).toContain('origin.test');
  });

  it('gives a command its input, and a shell line to sh', async () => {
    const stdin = Buffer.from('typed\n');
    const { stdout, exit } = await library.audit('tr a-z A-Z; exit 7', {
      ...reach(),
      stdin,
      stdout: 'pipe',
      output: null,
    });
    expect([String(stdout), exit]).toEqual(['TYPED\n', { kind: 'code', code: 7 }]);
  });

  it('keeps two at once apart', async () => {
    const options = { ...reach(), stdout: 'ignore' } as const;
    const results = await Promise.all(
      ['left', 'right'].map((name) => library.audit(download(name), options)),
    );
    const urls = results.map(({ journalFile }) => urlsOf(readJournal(journalFile ?? '').events));
    expect(urls).toEqual([
      ['https://origin.test/random/1000/left'],
      ['https://origin.test/random/1000/right'],
    ]);
    expect(new Set(results.map(({ run }) => run.runs[0]?.runId)).size).toBe(2);
  });

  it('does not wait for the output of what the command left running', async () => {
    const { stdout, run } = await library.audit('sleep 100 & echo $!', {
      ...reach(),
      stdout: 'pipe',
      drain: 0,
    });
    process.kill(Number(stdout));
    expect(run.blindSpots.map(({ kind }) => kind)).toEqual(['still-running']);
  });

  it('ends the command when its signal is aborted', async () => {
    const abort = new AbortController();
    const onEvent = ({ type }: Library.Event): void => {
      if (type === 'exchange-completed') abort.abort();
    };
    const line = `${download('abort').join(' ')} >/dev/null; exec sleep 100`;
    const { exit } = await library.audit(line, { ...reach(), onEvent, signal: abort.signal });
    expect(exit).toMatchObject({ kind: 'signal', signal: 'SIGTERM' });
    const aborted = AbortSignal.abort(new Error('too late'));
    await expect(library.audit(['true'], { ...reach(), signal: aborted })).rejects.toThrow('too late');
  });

  it('tells what could not be started', async () => {
    const { exit } = await library.audit(['no-such-program'], reach());
    expect(exit).toMatchObject({ kind: 'not-started', code: 127 });
  });

  it.each<[options: object, code: string, said: string]>([
    [{ port: -1 }, 'bad-usage', 'port'],
    [{ host: '0.0.0.0' }, 'bad-usage', 'host'],
    [{ passthrough: ['https://a.example'] }, 'bad-usage', 'passthrough'],
    [{ lockfiles: [''] }, 'bad-usage', 'lockfiles'],
    [{ baseline: 'missing.lock' }, 'cannot-start', 'missing.lock'],
    [{ resolve: { 'a.example': '' } }, 'bad-usage', 'HOST[:PORT]=ADDRESS[:PORT]'],
    [{ drain: 'long' }, 'bad-usage', 'drain'],
    [{ stdout: 'pipes' }, 'bad-usage', 'stdout'],
    [{ polcy: 'x' }, 'bad-usage', 'polcy'],
    [{ ca: { certFile: 'none.pem', keyFile: 'none.pem' } }, 'bad-certificate', 'none.pem'],
    [{ output: '/dev/null/journal.jsonl' }, 'journal-failed', '/dev/null/journal.jsonl'],
  ])('refuses %j', async (options, code, said) => {
    const refused = library.audit(['touch', 'was-run'], { ...reach(), ...options });
    await expect(refused).rejects.toSatisfy(
      (error) => error instanceof library.AuditError && error.code === code,
    );
    await expect(refused).rejects.toThrow(said);
    expect(existsSync(join(scene().user.directory, 'was-run'))).toBe(false);
    expect(scene().user.trustDirectories()).toEqual([]);
  });

  it('refuses what is no command', async () => {
    for (const command of ['', []]) {
      await expect(library.audit(command)).rejects.toMatchObject({ code: 'bad-usage' });
    }
  });
});

describe('start', () => {
  it('gives a proxy for one’s own commands, its events, and a run at the end', async () => {
    const proxy = await library.start(reach());
    expect(proxy.url).toBe(`http://${proxy.host}:${proxy.port}`);
    expect(readFileSync(proxy.ca.file, 'utf8')).toBe(proxy.ca.pem);
    const env = { ...scene().user.env, ...proxy.variables };
    const result = await runCommand(download('started'), { env });
    expect(result.stdout.equals(randomBody(1000, 'started')), result.stderr).toBe(true);
    const script = join(scene().directory, 'started.mjs');
    writeFileSync(script, `console.log((await fetch('https://origin.test/random/10/node')).status);`);
    const node = await runCommand([process.execPath, script], { env });
    expect(node.stdout.toString(), node.stderr).toBe('200\n');
    expect(proxy.run().runs[0]?.endedAt).toBeNull();

    const run = await proxy.stop();
    expect(await proxy.stop()).toBe(run);
    const urls = ['https://origin.test/random/1000/started', 'https://origin.test/random/10/node'];
    expect(proxy.exchanges().map(({ request }) => request.url)).toEqual(urls);
    const events: Library.Event[] = [];
    for await (const event of proxy.events) events.push(event);
    expect(urlsOf(events)).toEqual(urls);
    expect([events[0]?.type, events.at(-1)?.type]).toEqual(['run-started', 'run-finished']);
    expect(run.counts.exchanges).toBe(2);
    expect(run.runs[0]?.integrity.verdict).toBe('intact');
    expect([proxy.journalFile, proxy.failure(), existsSync(proxy.ca.file)]).toEqual([null, null, false]);
    expect(scene().user.trustDirectories()).toEqual([]);
  });

  it('writes a journal where it is told to, and stops when it is disposed of', async () => {
    const output = join(scene().directory, 'start.jsonl');
    const proxy = await library.start({ ...reach(), output });
    await proxy[Symbol.asyncDispose]();
    expect(readJournal(output).events.map(({ type }) => type)).toEqual(['run-started', 'run-finished']);
    expect((await checkJournal(output)).code).toBe(0);
    await expect(fetch(proxy.url)).rejects.toThrow();
  });

  it('refuses a port that is taken, and leaves nothing behind', async () => {
    const first = await library.start(reach());
    await expect(library.start({ ...reach(), port: first.port })).rejects.toMatchObject({
      code: 'cannot-start',
    });
    await first.stop();
    expect(scene().user.trustDirectories()).toEqual([]);
  });
});

it('the process of the caller stays as it was', async () => {
  const program = resolve('test/fixtures/programs/library-globals.mjs');
  const { upstreamCa, resolve: rules } = reach();
  const options = JSON.stringify({ upstreamCa, resolve: rules });
  const { stdout, stderr, code } = await runCommand(
    [process.execPath, program, resolve('dist/index.js'), options],
    { env: scene().user.env },
  );
  expect([code, stderr]).toEqual([0, '']);
  const [before, during, after] = stdout.toString().trim().split('\n');
  expect(during).toBe(before);
  expect(after).toBe(before);
  expect(before).toContain('SIGINT');
});
