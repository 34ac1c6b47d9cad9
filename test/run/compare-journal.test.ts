import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  copyFileSync,
  fstatSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournalFile } from '../../src/run/journal-file.ts';
import { openJournal, type Journal } from '../../src/run/journal-writer.ts';
import { exchange, runFinished, runStarted } from './sample-facts.ts';

let directory: string;
let folder: string;
let file: string;
let journal: Journal;

beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'proxaudit-compare-')));
  folder = join(directory, 'folder');
  mkdirSync(folder);
  file = join(folder, 'journal.jsonl');
});
afterEach(() => {
  journal.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Writes a run, with `meddle` in the middle of it, and compares. */
async function changeIn(meddle: () => void, target = file): Promise<string | undefined> {
  journal = openJournal({ file: target });
  for (const fact of [runStarted, ...exchange('x1')]) journal.record(fact);
  meddle();
  journal.record(exchange('x2')[0]);
  journal.record(exchange('x2')[1]);
  journal.record(runFinished);
  return journal.compare();
}

const replaceIn = (from: string, to: string) => () => {
  const text = readFileSync(file, 'utf8');
  const fd = openSync(file, 'r+');
  writeSync(fd, text.replace(from, to), 0);
  closeSync(fd);
};

/** Each line anew, with a chain that holds. */
function forge(): void {
  let prev = '0'.repeat(64);
  const forged = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const event = JSON.parse(line) as object;
      const head = 'head' in event ? { head: prev } : {};
      const text = JSON.stringify({ ...event, prev, ...head }).replace('"host"', '"gost"');
      prev = createHash('sha256').update(text).digest('hex');
      return `${text}\n`;
    });
  const fd = openSync(file, 'r+');
  writeSync(fd, forged.join(''), 0);
  closeSync(fd);
}

it('finds nothing in a journal that nobody changed, whatever path or link it was opened by', async () => {
  expect(await changeIn(() => undefined)).toBeUndefined();
  symlinkSync(folder, join(directory, 'link'));
  expect(await changeIn(() => undefined, join(directory, 'link', 'journal.jsonl'))).toBeUndefined();
  symlinkSync(file, join(directory, 'own.jsonl'));
  expect(await changeIn(() => undefined, join(directory, 'own.jsonl'))).toBeUndefined();
});

const elsewhere = () => join(directory, 'elsewhere');

describe('a journal that was changed while it was written is told', () => {
  it.each<[name: string, meddle: () => void, said: RegExp]>([
    ['removed', () => { rmSync(file); }, /^it was removed, or moved away$/],
    ['moved away', () => { renameSync(file, elsewhere()); }, /^it was removed, or moved away$/],
    ['with its directory renamed', () => { renameSync(folder, elsewhere()); }, /^it was removed, or moved away$/],
    ['with its directory deleted', () => { rmSync(folder, { recursive: true }); }, /^it was removed, or moved away$/],
    ['with a file for its directory', () => { rmSync(folder, { recursive: true }); writeFileSync(folder, ''); }, /^it was removed/],
    ['emptied', () => { truncateSync(file); }, /^it was cut short: of [\d,]+ bytes that were written [\d,]+ are left$/],
    ['cut by a byte', () => { truncateSync(file, readFileSync(file).length - 1); }, /^it was cut short/],
    ['appended to', () => { appendFileSync(file, 'x\n'); }, /^it is not what was written: line 4: no JSON$/],
    ['appended to without a newline', () => { appendFileSync(file, '{'); }, /^it is not what was written: line 4: no JSON$/],
    ['made a terabyte', () => { truncateSync(file, 2 ** 40); }, /^it is not what was written: line 4: no JSON$/],
    ['changed by one byte', replaceIn('"GET"', '"GOT"'), /^it is not what was written: line 3: prev is not the digest of the line before$/],
    ['forged with a chain that holds', () => { forge(); }, /^it is not what was written: line 4: prev is not the digest/],
    ['replaced by a copy', () => { copyFileSync(file, elsewhere()); renameSync(elsewhere(), file); }, /^another file stands in its place$/],
    ['replaced by a hard link to another', () => { writeFileSync(elsewhere(), ''); rmSync(file); linkSync(elsewhere(), file); }, /^another file/],
    ['replaced by a link to itself', () => { renameSync(file, elsewhere()); symlinkSync(elsewhere(), file); }, /^a symbolic link on its path was changed/],
    ['with a link for its directory', () => { renameSync(folder, elsewhere()); symlinkSync(elsewhere(), folder); }, /^a symbolic link on its path/],
    ['replaced by a pipe', () => { rmSync(file); spawnSync('mkfifo', [file]); }, /^a named pipe stands in its place$/],
    ['replaced by a directory', () => { rmSync(file); mkdirSync(file); }, /^a directory stands in its place$/],
    ['replaced by a link that leads nowhere', () => { rmSync(file); symlinkSync('nowhere', file); }, /^it was removed/],
    ['replaced by a link in a circle', () => { rmSync(file); symlinkSync(file, file); }, /^it cannot be read any more: its links lead in a circle/],
  ])('%s', async (_name, meddle, said) => {
    expect(await changeIn(meddle)).toMatch(said);
  }); // prettier-ignore

  it('after its last line: appended to, or forged as a whole', async () => {
    expect(await changeIn(() => undefined)).toBeUndefined();
    journal.close();
    journal = openJournal({ file });
    for (const fact of [runStarted, runFinished]) journal.record(fact);
    appendFileSync(file, 'more');
    expect(await journal.compare()).toBe('4 bytes were appended to it');
    truncateSync(file, readFileSync(file).length - 4);
    expect(await journal.compare()).toBeUndefined();
    forge();
    expect(await journal.compare()).toBe(
      'it is not what was written: its lines form a chain, but it is another one than was written',
    );
  });

  it('by another run that writes to the same file', async () => {
    const said = await changeIn(() => {
      const other = openJournal({ file });
      other.record(runStarted);
      other.close();
    });
    expect(said).toMatch(/^it was cut short|^it is not what was written/);
  });

  it('through a link that led to it when it was opened, and leads elsewhere now', async () => {
    const link = join(directory, 'own.jsonl');
    symlinkSync(file, link);
    const said = await changeIn(() => {
      rmSync(link);
      copyFileSync(file, elsewhere());
      symlinkSync(elsewhere(), link);
    }, link);
    expect(said).toMatch(/^a symbolic link on its path was changed/);
  });

  it.skipIf(process.getuid?.() === 0)('that may not be read any more (needs to be no root)', async () => {
    expect(await changeIn(() => { chmodSync(file, 0); })).toMatch(/^it may not be read any more/); // prettier-ignore
  });
});

describe('what is not changed by others', () => {
  it('is a journal whose changes were undone: that cannot be told', async () => {
    const undone = () => {
      const before = readFileSync(file).length;
      appendFileSync(file, 'x');
      truncateSync(file, before);
      linkSync(file, elsewhere());
    };
    expect(await changeIn(undone)).toBeUndefined();
  });

  it('is what is no regular file of its own', async () => {
    expect(await changeIn(() => undefined, '/dev/null')).toBeUndefined();
    const { identity, close } = openJournalFile({ file: '/dev/null' });
    close();
    expect(identity).toBeNull();
    const fd = openSync(elsewhere(), 'w');
    expect(openJournalFile({ fd }).identity).toBeNull();
    closeSync(fd);
    const own = openJournalFile({ file });
    expect(own.identity?.status.ino).toBe(fstatSync(own.fd ?? 0, { bigint: true }).ino);
    own.close();
  });
});

it('takes no facts once it was compared', async () => {
  await changeIn(() => undefined);
  expect(() => { journal.record(runStarted); }).toThrow('the journal is closed'); // prettier-ignore
  journal.close();
  journal.close();
});
