import { join } from 'node:path';
import { randomBody, sha256 } from '../../origin/random.ts';
import { createTarGz } from '../archives/tar.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingCommand } from '../commands.ts';
import { binary, sendResource, text } from '../responses.ts';
import type { Handler, Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';

const version = '1.2.3';
const target = `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-unknown-linux-gnu`;
const component = `/dist/rustc-${version}-${target}.tar.gz`;

/** A distribution server, and `rustup toolchain install` of a toolchain of one component. */
export const rustupTwin: Twin = {
  name: 'rustup-toolchain-install',
  tools: ['openssl'],
  version: ['rustup', '--version'],
  available: () => missingCommand('rustup'),
  createHandler: serveDistribution,
  prepare: (directory, baseUrl) => ({
    argv: ['rustup', 'toolchain', 'install', version, '--profile', 'minimal', '--no-self-update'],
    env: hermeticEnvironment(directory, {
      RUSTUP_HOME: join(directory, 'rustup'),
      CARGO_HOME: join(directory, 'cargo'),
      RUSTUP_DIST_SERVER: baseUrl,
    }),
    cwd: directory,
  }),
  // The manifest that is kept names the server.
  stored: (directory) =>
    storedBelow(join(directory, 'rustup', 'toolchains'), { only: /\/bin\//, asFetched: false }),
};

function serveDistribution(): Handler {
  const root = `rustc-${version}-${target}`;
  const content = createTarGz({
    [`${root}/rust-installer-version`]: '3\n',
    [`${root}/components`]: 'rustc\n',
    [`${root}/rustc/manifest.in`]: 'file:bin/rustc\nfile:bin/data.bin\n',
    [`${root}/rustc/bin/rustc`]: `#!/bin/sh\necho 'rustc ${version}'\n`,
    [`${root}/rustc/bin/data.bin`]: randomBody(90_000, root),
  });
  return (served) => {
    const manifest = describeChannel(served.base, content);
    const path = `/dist/channel-rust-${version}.toml`;
    const asked = new Map([
      [component, binary(content)],
      [path, text(manifest)],
      [`${path}.sha256`, text(`${sha256(Buffer.from(manifest))}  channel\n`)],
    ]);
    sendResource(served, asked.get(served.url.pathname));
  };
}

function describeChannel(base: string, content: Buffer): string {
  const archive = `available = true\nurl = "${base}${component}"\nhash = "${sha256(content)}"\n`;
  return [
    'manifest-version = "2"\ndate = "2020-01-01"\n',
    `[pkg.rust]\nversion = "${version}"\n[pkg.rust.target.${target}]\n${archive}`,
    `[[pkg.rust.target.${target}.components]]\npkg = "rustc"\ntarget = "${target}"\n`,
    `[pkg.rustc]\nversion = "${version}"\n[pkg.rustc.target.${target}]\n${archive}`,
    '[profiles]\nminimal = ["rustc"]\n[renames]\n',
  ].join('');
}
