import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { randomBody, sha256 } from '../../origin/random.ts';
import { createTarGz } from '../archives/tar.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingCommand } from '../commands.ts';
import { binary, json, sendResource, text } from '../responses.ts';
import type { Resource } from '../responses.ts';
import type { Handler, Invocation, StoredFile, Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';

interface Crate {
  readonly name: string;
  readonly version: string;
  readonly needs: readonly string[];
}

const crates: readonly Crate[] = [
  { name: 'twin-alpha', version: '1.4.0', needs: ['twin-beta', 'twin-gamma'] },
  { name: 'twin-beta', version: '0.2.1', needs: ['twin-gamma'] },
  { name: 'twin-gamma', version: '3.0.0', needs: [] },
];

/** A sparse registry and `cargo fetch` of three crates. */
export const cargoTwin: Twin = {
  name: 'cargo-fetch',
  tools: ['cargo'],
  version: ['cargo', '--version'],
  available: () => missingCommand('cargo') ?? lackOfSparseRegistries(),
  createHandler: serveCargo,
  prepare: prepareCargo,
  stored: (directory) => storedByCargo(join(directory, 'cargo-home')),
};

/** Cargo before 1.68 only knows registries that are git repositories. */
function lackOfSparseRegistries(): string | undefined {
  const { stdout } = spawnSync('cargo', ['--version'], { encoding: 'utf8' });
  const minor = Number(/^cargo 1\.(\d+)\./.exec(stdout)?.[1]);
  return minor < 68 ? `${stdout.trim()} knows no sparse registry` : undefined;
}

function packCrate({ name, version, needs }: Crate): Buffer {
  const root = `${name}-${version}`;
  const dependencies = needs.map((need) => `${need} = "*"\n`).join('');
  return createTarGz({
    [`${root}/Cargo.toml`]: `[package]\nname = "${name}"\nversion = "${version}"\nedition = "2021"\n[dependencies]\n${dependencies}`,
    [`${root}/src/lib.rs`]: '//! A twin.\n',
    [`${root}/data.bin`]: randomBody(50_000, root),
  });
}

function indexLine({ name, version, needs }: Crate, content: Buffer): string {
  const common = {
    req: '*',
    features: [],
    optional: false,
    default_features: true,
    target: null,
    kind: 'normal',
  };
  const deps = needs.map((need) => ({ name: need, ...common }));
  return `${JSON.stringify({ name, vers: version, deps, cksum: sha256(content), features: {}, yanked: false })}\n`;
}

function serveCargo(): Handler {
  const resources = new Map<string, Resource>();
  for (const crate of crates) {
    const content = packCrate(crate);
    const { name, version } = crate;
    resources.set(`/index/${name.slice(0, 2)}/${name.slice(2, 4)}/${name}`, text(indexLine(crate, content)));
    resources.set(`/crates/${name}/${version}/download`, binary(content));
  }
  return (served) => {
    const path = served.url.pathname;
    const config = json({ dl: `${served.base}/crates/{crate}/{version}/download` });
    sendResource(served, path === '/index/config.json' ? config : resources.get(path));
  };
}

function prepareCargo(directory: string, baseUrl: string): Invocation {
  mkdirSync(join(directory, 'src'));
  mkdirSync(join(directory, '.cargo'));
  writeFileSync(join(directory, 'src', 'lib.rs'), '');
  writeFileSync(
    join(directory, '.cargo', 'config.toml'),
    `[registries.twin]\nindex = "sparse+${baseUrl}/index/"\n`,
  );
  const project = '[package]\nname = "cargo-twin"\nversion = "0.0.0"\nedition = "2021"\n';
  const dependency = '[dependencies]\ntwin-alpha = { version = "1", registry = "twin" }\n';
  writeFileSync(join(directory, 'Cargo.toml'), project + dependency);
  const env = { CARGO_HOME: join(directory, 'cargo-home'), CARGO_TERM_COLOR: 'never' };
  return { argv: ['cargo', 'fetch'], env: hermeticEnvironment(directory, env), cwd: directory };
}

/** The `.crate` files in cargo's cache; its directories there are named after the registry's address. */
export const storedByCargo = (cargoHome: string): StoredFile[] =>
  storedBelow(join(cargoHome, 'registry', 'cache'), {
    only: /\.crate$/,
    asFetched: true,
    rename: (path) => basename(path),
  });
