import { describe, expect, it } from 'vitest';
import { accountsFor, relateCommand } from '../../src/support/lockfile-readers.ts';
import { ecosystemOfLockfile } from '../../src/support/lockfile-names.ts';

const lock = (path: string, more: object = {}) => ({
  ...{
    path,
    ecosystem: ecosystemOfLockfile(path.split('/').at(-1) ?? '') ?? (path.endsWith('.txt') ? 'pypi' : 'oci'),
  },
  ...more,
});
const words = (line: string) => line.split(' ');

describe('a command', () => {
  it.each([
    ['npm ci', 'package-lock.json', 'reads'],
    ['npm --prefix web install left-pad', 'package-lock.json', 'reads'],
    ['node /usr/lib/node_modules/npm/bin/npm-cli.js i', 'npm-shrinkwrap.json', 'reads'],
    ['npm install -g left-pad', 'package-lock.json', 'ignores'],
    ['npm i --location=global left-pad', 'package-lock.json', 'ignores'],
    ['npm install --no-package-lock', 'package-lock.json', 'ignores'],
    ['npm exec left-pad', 'package-lock.json', 'ignores'],
    ['npx left-pad', 'package-lock.json', 'ignores'],
    ['npm init vite', 'package-lock.json', 'ignores'],
    ['npm ci', 'pnpm-lock.yaml', 'ignores'],
    ['pnpm install', 'pnpm-lock.yaml', 'reads'],
    ['pnpm dlx left-pad', 'pnpm-lock.yaml', 'ignores'],
    ['pnpm add -g left-pad', 'pnpm-lock.yaml', 'ignores'],
    ['yarn', 'yarn.lock', 'reads'],
    ['yarn --frozen-lockfile', 'yarn.lock', 'reads'],
    ['node .yarn/releases/yarn-4.18.1.cjs install', 'yarn.lock', 'reads'],
    ['corepack yarn dlx left-pad', 'yarn.lock', 'ignores'],
    ['yarn global add left-pad', 'yarn.lock', 'ignores'],
    ['bun install', 'bun.lock', 'reads'],
    ['bunx left-pad', 'bun.lock', 'ignores'],
    ['cargo build', 'Cargo.lock', 'reads'],
    ['cargo +nightly fetch', 'Cargo.lock', 'reads'],
    ['cargo install ripgrep', 'Cargo.lock', 'ignores'],
    ['cargo install --locked ripgrep', 'Cargo.lock', 'ignores'],
    ['cargo install --path .', 'Cargo.lock', 'ignores'],
    ['cargo install --locked --path .', 'Cargo.lock', 'reads'],
    ['cargo binstall ripgrep', 'Cargo.lock', 'ignores'],
    ['cargo-binstall ripgrep', 'Cargo.lock', 'ignores'],
    ['go build ./...', 'go.sum', 'reads'],
    ['go install ./cmd/x', 'go.sum', 'reads'],
    ['go install example.com/cmd/x@latest', 'go.sum', 'ignores'],
    ['go run example.com/cmd/x@v1.0.0 -flag', 'go.sum', 'ignores'],
    ['go get example.com/x@v1.0.0', 'go.sum', 'reads'],
    ['pip install requests', 'requirements.txt', 'ignores'],
    ['pip install -r requirements.txt', 'requirements.txt', 'reads'],
    ['python3 -m pip install -qr requirements.txt', 'requirements.txt', 'reads'],
    ['pip3.11 install --constraint=limits.txt x', 'limits.txt', 'reads'],
    ['pip install -r other.txt', 'requirements.txt', 'ignores'],
    ['pip install requests', 'poetry.lock', 'ignores'],
    ['pipx install black', 'requirements.txt', 'ignores'],
    ['uv sync', 'uv.lock', 'reads'],
    ['uv pip install x', 'uv.lock', 'ignores'],
    ['uv pip sync requirements.txt', 'requirements.txt', 'reads'],
    ['uv tool install black', 'uv.lock', 'ignores'],
    ['uvx black', 'uv.lock', 'ignores'],
    ['poetry install', 'poetry.lock', 'reads'],
    ['poetry self add x', 'poetry.lock', 'ignores'],
    ['pipenv sync', 'Pipfile.lock', 'reads'],
    ['./gradlew build', 'gradle/verification-metadata.xml', 'reads'],
    ['mvn package', 'gradle/verification-metadata.xml', 'ignores'],
    ['docker build .', 'Dockerfile', 'reads'],
    ['skopeo copy docker://x dir:y', 'Dockerfile', 'ignores'],
    ['cargo build', 'package-lock.json', 'unrelated'],
    ['curl -O https://r.example/x.tgz', 'package-lock.json', 'unknown'],
    ['make', 'go.sum', 'unknown'],
  ])('%s: %s → %s', (line, path, relation) => {
    expect(relateCommand(lock(path), words(line))).toEqual([relation]);
  });

  it('of a shell is each of its commands', () => {
    const line = 'cd web && npm ci | tee log; cargo install x';
    expect(relateCommand(lock('package-lock.json'), ['bash', '-ec', line])).toEqual([
      'unknown',
      'reads',
      'unknown',
      'unrelated',
    ]);
  });

  it('reads what it names through another file or a variable, and whatever the user gives', () => {
    const base = lock('base.txt', { namedBy: 'n.txt' });
    expect(relateCommand(base, words('pip install -r n.txt'))).toEqual(['reads']);
    expect(relateCommand(base, words('pip install x'))).toEqual(['ignores']);
    const variable = lock('limits.txt', { namedBy: '$PIP_CONSTRAINT' });
    expect(relateCommand(variable, words('pip install x'))).toEqual(['reads']);
    expect(relateCommand(variable, words('uv pip install x'))).toEqual(['ignores']);
    expect(relateCommand(lock('x.txt', { namedBy: '--lockfile' }), words('pip install x'))).toEqual([
      'reads',
    ]);
  });
});

describe('what a process fetches', () => {
  const cargoLock = lock('Cargo.lock');
  const at = (command: string[], ...parents: string[]) => ({
    ...{ cwd: '.', command },
    parents: parents.map((parent) => ({ command: words(parent) })),
  });

  it.each([
    ['a project', at(words('cargo build')), true],
    ['a tool', at(words('cargo install x')), false],
    ['a tool, for a project', at(words('cargo install x'), 'sh build.sh', 'cargo build'), true],
    ['a tool, of a script', at(words('cargo install x'), 'sh -c cargo build && cargo install x'), false],
    ['nobody knows', at(['curl', 'https://r.example/x.crate']), true],
    ['nobody knows, for a tool', at(['git'], 'cargo install x'), false],
  ])('%s', (_what, worker, expected) => {
    expect(accountsFor(cargoLock, worker)).toBe(expected);
  });

  it('of a process that is not known is judged by the command of the run', () => {
    expect(accountsFor(cargoLock, undefined, words('cargo install x'))).toBe(false);
    expect(accountsFor(cargoLock, undefined, ['sh', '-c', 'cargo install x && cargo build'])).toBe(true);
    expect(accountsFor(cargoLock, undefined)).toBe(true);
  });

  it('of npm, which hides its options, is judged by what started it', () => {
    const packageLock = lock('package-lock.json');
    const title = ['npm install x'];
    expect(accountsFor(packageLock, { cwd: '.', command: title }, words('npm install -g x'))).toBe(false);
    expect(accountsFor(packageLock, { cwd: '.', command: title }, words('npm install x'))).toBe(true);
    const shell = { command: ['sh', '-c', 'echo; npm install --global x'] };
    expect(accountsFor(packageLock, { cwd: '.', command: title, parents: [shell] })).toBe(false);
    expect(accountsFor(packageLock, { cwd: '.', command: ['npm exec x'] }, words('npx x'))).toBe(false);
  });
});
