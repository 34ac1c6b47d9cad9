import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useChildDriver } from '../helpers/child-driver.ts';
import { runProgram, startProgram } from '../helpers/run-program.ts';

const driver = useChildDriver();
const event = (type: string, more: object = {}): string => JSON.stringify({ v: 1, seq: 1, type, ...more });
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'proxaudit-command-'));
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

/** Runs the driver with this on stdin, with a script directory of its own. */
async function feed(input: Uint8Array | string, ...args: string[]) {
  const scripts = await mkdtemp(path.join(directory, 'scripts-'));
  const result = await runProgram([...driver(), '--scripts', path.join(scripts, 'run'), ...args], { input });
  return {
    ...result,
    out: result.stdout.toString(),
    err: result.stderr.toString(),
    scripts: path.join(scripts, 'run'),
  };
}

describe('a command', () => {
  it('runs as it was given, and is shown so', async () => {
    const { err } = await feed('', '--show', '1', '--', 'true', '-x', 'a b', '');
    const plan = {
      kind: 'run',
      file: 'true',
      args: ['-x', 'a b', ''],
      shown: ['true', '-x', 'a b', ''],
      stdin: 'inherit',
    };
    expect(err).toBe(`driver: plan ${JSON.stringify(plan)}\n`);
  });

  it('keeps its stdin, even if that is a journal or a script', async () => {
    const { out, scripts } = await feed(`${event('run-started')}\necho no\n`, '--', 'cat');
    expect(out).toBe(`${event('run-started')}\necho no\n`);
    await expect(stat(scripts)).rejects.toThrow('ENOENT');
  });

  it('is not waited for with stdin open', async () => {
    const running = startProgram([...driver(), '--', 'sh', '-c', 'exit 3'], { keepStdin: true });
    expect((await running.ended).status).toBe(3);
  });
});

describe('-c LINE', () => {
  it('is a shell line with our stdin', async () => {
    const { out, err, status } = await feed('from stdin', '--show', '1', '-c', 'cat | tr a-z A-Z; exit 5');
    expect(out).toBe('FROM STDIN');
    expect(err).toContain('"shown":["sh","-c","cat | tr a-z A-Z; exit 5"]');
    expect(status).toBe(5);
  });

  it('may be empty', async () => {
    expect((await feed('', '-c', '')).status).toBe(0);
  });

  it('refuses a command beside it', async () => {
    const { err, status } = await feed('', '-c', 'true', '--', 'true');
    expect(err).toBe('driver: bad-usage: Both -c and a command were given.\n');
    expect(status).toBe(125);
  });
});

describe('a script on stdin', () => {
  it('runs whole with sh, from a private file, with nothing on its stdin', async () => {
    const script = 'echo "file $0"\nls -l "$0"\ncat\necho "and $(wc -c <"$0")"\nexit 8\n';
    const { out, err, scripts, status } = await feed(script, '--show', '1');
    const [name = ''] = await readdir(scripts);
    const file = path.join(scripts, name);
    expect(out).toMatch(new RegExp(`^file ${file}\n-rw------- .*\nand +${script.length}\n$`));
    expect(await readFile(file, 'utf8')).toBe(script);
    expect((await stat(scripts)).mode & 0o777).toBe(0o700);
    expect(err).toContain('"shown":["sh","/dev/stdin"],"stdin":"ignore"');
    expect(status).toBe(8);
  });

  it.each([
    ['#!/usr/bin/env python3\nimport sys\nprint("python", len(sys.argv))\n', 'python 1\n'],
    ['#!/usr/bin/env -S bash -e\nfalse\necho not here\n', ''],
    ['#!/bin/sh -e\nfalse\necho not here\n', ''],
    ['#! /bin/sed 1d;s/^# //\n# edited\n', 'edited\n'],
    ['#!\necho plain\n', 'plain\n'],
    ['echo no line end', 'no line end\n'],
    ['\n\necho after blank lines\n', 'after blank lines\n'],
    ['{ echo group; }\n', 'group\n'],
  ])('%j is run by what its first line names', async (script, expected) => {
    const { out, err } = await feed(script);
    expect(err).toBe('');
    expect(out).toBe(expected);
  });

  it('names the interpreter in what is shown', async () => {
    const { err } = await feed('#!/usr/bin/env -S sh -e\n', '--show', '1');
    expect(err).toContain('"shown":["/usr/bin/env","-S sh -e","/dev/stdin"]');
  });

  it('ends with 127 when its interpreter does not exist', async () => {
    const missing = path.join(directory, 'missing');
    const { err, status } = await feed(`#!${missing}\n`);
    expect(err).toBe(`driver: ${missing} does not exist\n`);
    expect(status).toBe(127);
  });

  it('may be large', async () => {
    const filler = `: '${'x'.repeat(998)}'\n`.repeat(8_000);
    const { out } = await feed(`${filler}echo end\n`);
    expect(out).toBe('end\n');
  });

  it('may come slowly and from a file', async () => {
    const running = startProgram([...driver(), '--scripts', directory], { keepStdin: true });
    for (const piece of ['ec', 'ho on', 'e\nec', 'ho two\n']) {
      running.process.stdin?.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    running.process.stdin?.end();
    expect((await running.ended).stdout.toString()).toBe('one\ntwo\n');

    const file = path.join(directory, 'script.sh');
    await writeFile(file, 'echo from file\n');
    const line = `'${driver().join(`' '`)}' --scripts '${directory}' <'${file}'`;
    expect((await runProgram(['sh', '-c', line])).stdout.toString()).toBe('from file\n');
  });

  it('that cannot be stored is an error', async () => {
    const { err, status } = await runProgram([...driver(), '--scripts', '/dev/null/x'], {
      input: 'true\n',
    }).then(({ stderr, ...rest }) => ({ ...rest, err: stderr.toString() }));
    expect(err).toMatch(/^driver: cannot-start: The script on stdin could not be stored: ENOTDIR/);
    expect(status).toBe(125);
  });
});

describe('a journal on stdin', () => {
  it.each(['run-started', 'exchange-completed', 'run-finished'])(
    'that begins with %s is reported on',
    async (type) => {
      const journal = `${event(type)}\n${event('$(touch oops)')}\n`;
      const { out, scripts } = await feed(journal);
      const sha256 = createHash('sha256').update(journal).digest('hex');
      expect(JSON.parse(out)).toMatchObject({ report: journal.length, sha256 });
      await expect(stat(scripts)).rejects.toThrow('ENOENT');
    },
  );

  it('may have one line, however long, without an end', async () => {
    const journal = event('run-started', { command: Array.from({ length: 40_000 }, () => 'argument') });
    expect(JSON.parse((await feed(journal)).out)).toMatchObject({ report: journal.length });
  });

  it('is streamed, not held', async () => {
    const running = startProgram(driver(), { keepStdin: true });
    const { stdin } = running.process;
    const chunk = Buffer.from(`${event('exchange-completed', { url: 'x'.repeat(1_000) })}\n`.repeat(1_000));
    const hash = createHash('sha256');
    let size = 0;
    while (size < 400_000_000) {
      hash.update(chunk);
      size += chunk.length;
      if (stdin?.write(chunk) === false) await new Promise((resolve) => stdin.once('drain', resolve));
    }
    stdin?.end();
    const report = JSON.parse((await running.ended).stdout.toString()) as { peakMegabytes: number };
    expect(report).toMatchObject({ report: size, sha256: hash.digest('hex') });
    expect(report.peakMegabytes).toBeLessThan(200);
  });
});

describe('neither', () => {
  it.each([
    ['nothing', '', /^driver: bad-usage: No command was given, and stdin is empty.\n$/],
    ['the middle of a journal', '{"v":1,"seq":"$(touch oops)"\n', /^driver: bad-usage: Stdin is JSON/],
    ['an event without a number', '{"v":1,"type":"run-started"}\n', /^driver: bad-usage: Stdin is JSON/],
    ['other JSON', '{"name":"$(touch oops)"}\n', /^driver: bad-usage: Stdin is JSON/],
    [
      'binary data',
      Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0]),
      /^driver: bad-usage: .* binary data/,
    ],
  ])('%s is refused and not run', async (_, input, message) => {
    const { err, scripts, status } = await feed(input);
    expect(err).toMatch(message);
    expect(status).toBe(125);
    await expect(stat(scripts)).rejects.toThrow('ENOENT');
  });

  it('a stdin that cannot be read is refused', async () => {
    const line = `'${driver().join(`' '`)}' 0>'${path.join(directory, 'write-only')}'`;
    const { stderr } = await runProgram(['sh', '-c', line]);
    expect(stderr.toString()).toMatch(
      /^driver: bad-usage: No command was given, and stdin cannot be read: EBADF/,
    );
  });
});
