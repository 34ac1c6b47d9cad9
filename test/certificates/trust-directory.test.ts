import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  createTrustDirectory,
  removeTrustDirectory,
  sweepTrustDirectories,
} from '../../src/certificates/trust-directory.ts';
import { missingPath, scratchDirectory } from './tools.ts';

const isLinux = process.platform === 'linux';
let temporary: string;

beforeEach(() => {
  temporary = scratchDirectory();
  vi.stubEnv('TMPDIR', temporary);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** The process start of a name, replaced. */
function renamed(name: string, replace: (parts: string[]) => void): string {
  const parts = name.split('-');
  replace(parts);
  return parts.join('-');
}

describe('createTrustDirectory', () => {
  it('is fresh each time, ours alone, and readable by all only as root', () => {
    const [one, other] = [createTrustDirectory('20260102-abc'), createTrustDirectory('20260102-abc')];
    expect(one).not.toBe(other);
    expect(statSync(one).mode & 0o777).toBe(process.getuid?.() === 0 ? 0o755 : 0o700);
    expect(one.startsWith(join(temporary, `proxaudit-${process.getuid?.() ?? 0}-`))).toBe(true);
    expect(basename(one)).toContain('20260102abc');
  });

  it('takes no path from a run id', () => {
    expect(createTrustDirectory('../../x/y').startsWith(join(temporary, 'proxaudit-'))).toBe(true);
  });
});

describe('removeTrustDirectory', () => {
  it('removes everything, twice', () => {
    const directory = createTrustDirectory('r');
    writeFileSync(join(directory, 'ca.pem'), '');
    mkdirSync(join(directory, 'more'));
    removeTrustDirectory(directory);
    removeTrustDirectory(directory);
    expect(existsSync(directory)).toBe(false);
  });
});

describe('sweepTrustDirectories', () => {
  it('leaves a live run alone: our own, and that of another process', async () => {
    const outfile = join(scratchDirectory(), 'trust-directory.mjs');
    buildSync({
      entryPoints: [resolve('src/certificates/trust-directory.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
    });
    const script = `const { createTrustDirectory } = await import(${JSON.stringify(pathToFileURL(outfile).href)});
      console.log(createTrustDirectory('live')); setInterval(() => {}, 1000);`;
    const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit'];
    const other = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio });
    onTestFinished(() => void other.kill('SIGKILL'));
    const own = createTrustDirectory('own');
    const live = String((await once(other.stdout, 'data'))[0]).trim();
    sweepTrustDirectories();
    expect(existsSync(own)).toBe(true);
    expect(existsSync(live)).toBe(true);
    other.kill('SIGKILL');
    await once(other, 'exit');
    sweepTrustDirectories();
    expect(existsSync(live)).toBe(false);
    expect(existsSync(own)).toBe(true);
  });

  it('removes what a process left whose pid another one has by now', () => {
    const own = createTrustDirectory('own');
    const recycled = join(
      temporary,
      renamed(basename(own), (parts) => (parts[4] = '1')),
    );
    mkdirSync(recycled);
    writeFileSync(join(recycled, 'ca.pem'), '');
    sweepTrustDirectories();
    expect(existsSync(recycled)).toBe(!isLinux);
  });

  it('touches nothing else: other names, other users, files and links', () => {
    const own = createTrustDirectory('own');
    const gone = (parts: string[]) => (parts[3] = '4194999');
    const outside = scratchDirectory();
    writeFileSync(join(outside, 'precious'), '');
    const link = join(temporary, renamed(basename(own), gone));
    symlinkSync(outside, link);
    const foreign = renamed(basename(own), (parts) => {
      gone(parts);
      parts[1] = '12345';
    });
    for (const name of ['proxaudit-notes', 'proxaudit-0', 'proxaudit-state-1-2-3-4', foreign]) {
      mkdirSync(join(temporary, name));
    }
    const file = `${renamed(basename(own), gone)}x`;
    writeFileSync(join(temporary, file), '');
    const before = readdirSync(temporary).sort();
    sweepTrustDirectories();
    expect(readdirSync(temporary).sort()).toEqual(before);
    expect(readdirSync(outside)).toEqual(['precious']);
  });

  it.skipIf(!isLinux)(
    'presumes a run in another pid namespace alive until its certificates are long expired (needs Linux)',
    () => {
      const own = createTrustDirectory('own');
      const name = renamed(basename(own), (parts) => {
        parts[2] = '1';
        parts[3] = '4194999';
      });
      const elsewhere = join(temporary, name);
      mkdirSync(elsewhere);
      sweepTrustDirectories();
      expect(existsSync(elsewhere)).toBe(true);
      const longAgo = Date.now() / 1000 - 9 * 86_400;
      utimesSync(elsewhere, longAgo, longAgo);
      sweepTrustDirectories();
      expect(existsSync(elsewhere)).toBe(false);
    },
  );

  it('does nothing where there is no temporary directory', () => {
    vi.stubEnv('TMPDIR', missingPath());
    expect(() => {
      sweepTrustDirectories();
    }).not.toThrow();
  });
});
