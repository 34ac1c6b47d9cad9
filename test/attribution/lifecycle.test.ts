import { describe, expect, it } from 'vitest';
import { findInnermost, type ProcessFacts } from '../../src/attribution/lifecycle/evidence.ts';
import { findEvidence } from '../../src/attribution/lifecycle/index.ts';

interface Told {
  readonly argv?: readonly string[];
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  readonly files?: Record<string, string>;
}

const facts = ({ argv = [], env = {}, cwd = '/work', files = {} }: Told): ProcessFacts => ({
  argv,
  variable: (name) => env[name] || undefined,
  cwd,
  read: (name) => files[name],
});
const evidenceOf = (told: Told) => findEvidence(facts(told));

describe('npm, pnpm, yarn and bun', () => {
  const script = {
    npm_lifecycle_event: 'postinstall',
    npm_package_name: '@scope/pad',
    npm_package_version: '1.3.0',
  };

  it('tell the package and the script', () => {
    expect(evidenceOf({ env: script })).toEqual([
      { ecosystem: 'npm', packageName: '@scope/pad@1.3.0', script: 'postinstall' },
    ]);
  });

  it('do without a version or a name', () => {
    expect(evidenceOf({ env: { ...script, npm_package_version: '' } })).toMatchObject([
      { packageName: '@scope/pad' },
    ]);
    expect(evidenceOf({ env: { npm_lifecycle_event: 'install' } })).toEqual([
      { ecosystem: 'npm', script: 'install' },
    ]);
  });

  it('say nothing by a package alone, and nothing about the package by npx', () => {
    expect(evidenceOf({ env: { ...script, npm_lifecycle_event: '' } })).toEqual([]);
    expect(evidenceOf({ env: { ...script, npm_lifecycle_event: 'npx' } })).toEqual([
      { ecosystem: 'npm', script: 'npx' },
    ]);
  });

  it('are bounded, for a process may say what it likes', () => {
    const [found] = evidenceOf({
      env: { npm_lifecycle_event: 's'.repeat(10_000), npm_package_name: 'n'.repeat(10_000) },
    });
    expect([found?.packageName?.length, found?.script.length]).toEqual([256, 256]);
  });
});

describe('Cargo', () => {
  const compiling = { CARGO_PKG_NAME: 'native-sys', CARGO_PKG_VERSION: '0.9.1', OUT_DIR: '/t/out' };
  const building = { ...compiling, NUM_JOBS: '2', OPT_LEVEL: '0', TARGET: 'x', HOST: 'x' };

  it('tells build scripts', () => {
    expect(evidenceOf({ env: building })).toEqual([
      { ecosystem: 'cargo', packageName: 'native-sys@0.9.1', script: 'build.rs' },
    ]);
  });

  it('tells the same to compilers and tests, which are none', () => {
    expect(evidenceOf({ env: compiling })).toEqual([]);
  });
});

describe('Python', () => {
  const hook = ['python3', '/x/pyproject_hooks/_in_process/_in_process.py', 'build_wheel', '/tmp/tmp1'];
  const metadata = 'Metadata-Version: 2.1\nName: sdist-pad\nVersion: 2.0.1\n\nName: other\n';

  it('builds by hooks, in a directory that says whose they are', () => {
    expect(evidenceOf({ argv: hook, files: { 'PKG-INFO': metadata } })).toEqual([
      { ecosystem: 'pypi', packageName: 'sdist-pad@2.0.1', script: 'build_wheel' },
    ]);
    const unpacked = `/tmp/pip-install-a1b2/sdist-pad_${'0'.repeat(32)}`;
    expect(evidenceOf({ argv: hook, cwd: unpacked })).toMatchObject([{ packageName: 'sdist-pad' }]);
    expect(evidenceOf({ argv: hook })).toEqual([{ ecosystem: 'pypi', script: 'build_wheel' }]);
  });

  it.each([
    ['python', 'setup.py', 'bdist_wheel', '-d', 'x'],
    ['python', '-u', '-c', "exec(open('/tmp/p/setup.py').read())", 'bdist_wheel'],
  ])('builds by %s %s %s', (...argv) => {
    expect(evidenceOf({ argv, files: { 'PKG-INFO': metadata } })).toEqual([
      { ecosystem: 'pypi', packageName: 'sdist-pad@2.0.1', script: 'setup.py bdist_wheel' },
    ]);
    expect(evidenceOf({ argv })).toEqual([]);
  });

  it('is no build for another program, another word or a hostile file', () => {
    expect(evidenceOf({ argv: ['cat', '_in_process.py', 'other'] })).toEqual([]);
    expect(evidenceOf({ argv: ['python', 'fetch.py'], files: { 'PKG-INFO': metadata } })).toEqual([]);
    expect(evidenceOf({ argv: hook, files: { 'PKG-INFO': 'Name: \nVersion: \n' } })).toEqual([
      { ecosystem: 'pypi', script: 'build_wheel' },
    ]);
  });
});

it('RubyGems builds native extensions inside the gem', () => {
  const argv = ['ruby', '-I', '/usr/lib/ruby', 'extconf.rb'];
  const cwd = '/usr/lib/ruby/gems/3.1.0/gems/native-pad-1.15.0-x86_64-linux/ext/native_pad';
  expect(evidenceOf({ argv, cwd })).toEqual([
    { ecosystem: 'gem', packageName: 'native-pad@1.15.0', script: 'extconf.rb' },
  ]);
  expect(evidenceOf({ argv, cwd: '/home/somebody/ext' })).toEqual([]);
  expect(evidenceOf({ argv: ['ruby', 'x.rb'], cwd })).toEqual([]);
});

it('dpkg tells its maintainer scripts', () => {
  const env = { DPKG_MAINTSCRIPT_PACKAGE: 'fonts-pad', DPKG_MAINTSCRIPT_NAME: 'postinst' };
  expect(evidenceOf({ env })).toEqual([{ ecosystem: 'deb', packageName: 'fonts-pad', script: 'postinst' }]);
  expect(evidenceOf({ env: { DPKG_MAINTSCRIPT_PACKAGE: 'fonts-pad' } })).toEqual([]);
});

describe('of several packages', () => {
  const [npm, cargo, python] = ['npm', 'cargo', 'pypi'].map((ecosystem) => ({
    ecosystem,
    packageName: `${ecosystem}-pad`,
    script: 's',
  })) as [{ ecosystem: string; packageName: string; script: string }, never, never];

  it('the one that began nearest to the process counts', () => {
    // A crate's build script below a postinstall, and a postinstall below a build script.
    expect(findInnermost([[cargo, npm], [cargo, npm], [npm], []])).toBe(cargo);
    expect(findInnermost([[cargo, npm], [cargo], []])).toBe(npm);
    // A program that a Python build started: its own variables are the outer script's.
    expect(findInnermost([[npm], [python, npm], [npm], []])).toBe(python);
  });

  it('none is none', () => {
    expect(findInnermost([])).toBeUndefined();
    expect(findInnermost([[], []])).toBeUndefined();
    expect(findInnermost([[], [npm]])).toBe(npm);
  });
});
