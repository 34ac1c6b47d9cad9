import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CodeLoader } from '../../src/cli/code-loader.ts';
import { MissingCode } from '../../src/cli/missing-code.ts';

const directory = mkdtempSync(join(tmpdir(), 'proxaudit-code-cache-'));
const isRoot = process.getuid?.() === 0;
let bundles = 0;

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** A bundle whose `run.js` says the word, and gets another one from a second file. */
function makeBundle(word = 'one'): string {
  bundles += 1;
  const bundle = join(directory, `bundle-${bundles}`);
  mkdirSync(join(bundle, 'chunks'), { recursive: true });
  const code = `const name=require('node:path').basename(__filename);exports.say=()=>'${word} '+name+' '+require('./other.js').word`;
  writeFileSync(join(bundle, 'chunks', 'run.js'), code);
  writeFileSync(join(bundle, 'chunks', 'other.js'), `exports.word='two'`);
  return bundle;
}

function start(bundle: string): { said: string; save: () => void } {
  const loader = new CodeLoader(bundle);
  const { say } = loader.load('./run.js') as { say: () => string };
  return {
    said: say(),
    save: () => {
      loader.save('run');
    },
  };
}

/** The files with code, by the path below the bundle. */
function listCode(bundle: string): string[] {
  return readdirSync(bundle, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.startsWith('code-cache'))
    .filter((path) => statSync(join(bundle, path)).isFile())
    .sort();
}

/** What each file with code is: a new one is another file. */
const identify = (bundle: string): number[] =>
  listCode(bundle).map((path) => statSync(join(bundle, path)).ino);

it('code that was kept is used by the next start, and is not written again', () => {
  const bundle = makeBundle();
  const first = start(bundle);
  expect(listCode(bundle)).toEqual([]);
  first.save();
  expect(listCode(bundle).map((path) => path.split('/').at(-1))).toEqual(['other.code', 'run.code']);
  const kept = identify(bundle);
  const second = start(bundle);
  second.save();
  expect([first.said, second.said]).toEqual(['one run.js two', 'one run.js two']);
  expect(identify(bundle)).toEqual(kept);
});

it('what every start loads is kept after a run only, as little of it was used before', () => {
  const bundle = makeBundle();
  const loader = new CodeLoader(bundle);
  (loader.load('./run.js') as { say: () => string }).say();
  loader.save('subcommand');
  expect(listCode(bundle).map((path) => path.split('/').at(-1))).toEqual(['other.code']);
});

it('a file of the bundle is run once, and one that is not there is named', () => {
  const loader = new CodeLoader(makeBundle());
  expect(loader.load('./run.js')).toBe(loader.load('./run.js'));
  expect(() => loader.load('./lost.js')).toThrow(MissingCode);
  expect(() => loader.load('./lost.js')).toThrow(
    'this installation is damaged: lost.js cannot be read (ENOENT)',
  );
});

describe('changes nothing but the time that a start takes', () => {
  it('where the code is of another source of the same length', () => {
    const [one, other] = [makeBundle('one'), makeBundle('six')];
    start(one).save();
    cpSync(join(one, 'code-cache'), join(other, 'code-cache'), { recursive: true });
    const copied = identify(other);
    const { said, save } = start(other);
    expect(said).toBe('six run.js two');
    save();
    expect(identify(other)[1]).not.toBe(copied[1]);
  });

  it('where the code is damaged, wherever that is', () => {
    const bundle = makeBundle();
    start(bundle).save();
    const file = join(bundle, listCode(bundle)[1] ?? '');
    const whole = readFileSync(file);
    const places = [0, 40, Math.trunc(whole.length / 2), whole.length - 1];
    for (const place of places) {
      const damaged = Buffer.from(whole);
      damaged.writeUInt8(damaged.readUInt8(place) ^ 1, place);
      writeFileSync(file, damaged);
      expect(start(bundle).said).toBe('one run.js two');
    }
    for (const length of [0, 31, 32, whole.length - 1]) {
      writeFileSync(file, whole.subarray(0, length));
      expect(start(bundle).said).toBe('one run.js two');
    }
    start(bundle).save();
    const [before] = [identify(bundle)];
    start(bundle).save();
    expect(identify(bundle)).toEqual(before);
  });

  it('where nothing can be written', () => {
    const bundle = makeBundle();
    writeFileSync(join(bundle, 'code-cache'), 'a file');
    const { said, save } = start(bundle);
    save();
    expect(said).toBe('one run.js two');
    expect(readFileSync(join(bundle, 'code-cache'), 'utf8')).toBe('a file');
  });
});

describe('is left alone where another could have planted it', () => {
  it('a file that others may write', () => {
    const bundle = makeBundle();
    start(bundle).save();
    const file = join(bundle, listCode(bundle)[1] ?? '');
    chmodSync(file, 0o664);
    const before = statSync(file).ino;
    // Whatever is not used is made anew, with the right mode.
    start(bundle).save();
    expect(statSync(file).ino).not.toBe(before);
    expect(statSync(file).mode & 0o777).toBe(0o644);
  });

  it('a directory that everybody may write, and a link to another one', () => {
    const open = makeBundle();
    chmodSync(open, 0o777);
    start(open).save();
    expect(listCode(open)).toEqual([]);
    const linked = makeBundle();
    const elsewhere = mkdtempSync(join(directory, 'elsewhere-'));
    symlinkSync(elsewhere, join(linked, 'code-cache'));
    start(linked).save();
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it.skipIf(!isRoot)('a bundle, or code, of another user (needs root)', () => {
    const bundle = makeBundle();
    start(bundle).save();
    const file = join(bundle, listCode(bundle)[1] ?? '');
    chownSync(file, 4711, 4711);
    const kept = statSync(file).ino;
    expect(start(bundle).said).toBe('one run.js two');
    const { save } = start(bundle);
    save();
    expect(statSync(file).ino).not.toBe(kept);
    const others = makeBundle();
    for (const path of ['chunks/run.js', 'chunks/other.js', 'chunks', '.']) {
      chownSync(join(others, path), 4711, 4711);
    }
    start(others).save();
    expect(listCode(others)).toEqual([]);
  });
});

it('nobody can write it but who can write the bundle', () => {
  const bundle = makeBundle();
  for (const path of ['chunks/run.js', 'chunks/other.js']) chmodSync(join(bundle, path), 0o600);
  start(bundle).save();
  expect(listCode(bundle).map((path) => statSync(join(bundle, path)).mode & 0o777)).toEqual([0o600, 0o600]);
});

it('code for many versions of Node does not pile up', () => {
  const bundle = makeBundle();
  for (let kind = 0; kind < 8; kind += 1)
    mkdirSync(join(bundle, 'code-cache', `kind-${kind}`), { recursive: true });
  start(bundle).save();
  expect(listCode(bundle)).toEqual([]);
});

it('several first starts at once leave whole files, and nothing beside them', () => {
  const bundle = makeBundle();
  const starts = Array.from({ length: 3 }, () => start(bundle));
  for (const { save } of starts) save();
  expect(listCode(bundle).map((path) => path.split('/').at(-1))).toEqual(['other.code', 'run.code']);
  const kept = identify(bundle);
  start(bundle).save();
  expect(identify(bundle)).toEqual(kept);
});
