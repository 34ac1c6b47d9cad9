import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../origin/random.ts';
import { createTarGz } from '../../registries/archives/tar.ts';
import { hermeticEnvironment } from '../../registries/client-environment.ts';
import { bytes, jsonOf, typed } from '../reply.ts';
import { takenFrom, type Registry, type Stage } from '../stage.ts';

export const crate = (mark: string): Buffer =>
  createTarGz({
    'demo-1.0.0/Cargo.toml': '[package]\nname = "demo"\nversion = "1.0.0"\nedition = "2021"\n',
    'demo-1.0.0/src/lib.rs': `//! taken: ${mark}\n`,
  });

export const indexLine = (content: Buffer, more: object = {}): string =>
  `${JSON.stringify({ name: 'demo', vers: '1.0.0', deps: [], cksum: sha256(content), features: {}, yanked: false, ...more })}\n`;

export const indexPath = '/index/de/mo/demo';
const good = crate('good');
const file = '/crates/demo/1.0.0/download';

/** `cargo fetch` of a project without a Cargo.lock, which another directory has. */
export const cargo: Stage = {
  client: 'cargo',
  needs: ['cargo'],
  good,
  evil: crate('evil'),
  file,
  registry(base, served): Registry {
    const listed = served.listed ?? (Buffer.isBuffer(served.file) ? served.file : good);
    return new Map([
      ['/index/config.json', jsonOf({ dl: `${base}/crates/{crate}/{version}/download` })],
      [indexPath, typed('text/plain', indexLine(listed))],
      [file, Buffer.isBuffer(served.file) ? bytes(served.file) : served.file],
    ]);
  },
  prepare(directory, base) {
    for (const place of ['project/src', 'project/.cargo', 'locked'])
      mkdirSync(join(directory, place), { recursive: true });
    const project = join(directory, 'project');
    writeFileSync(join(project, 'src/lib.rs'), '');
    writeFileSync(
      join(project, '.cargo/config.toml'),
      `[registries.twin]\nindex = "sparse+${base}/index/"\n[net]\nretry = 0\n`,
    );
    writeFileSync(
      join(project, 'Cargo.toml'),
      '[package]\nname = "project"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\ndemo = { version = "=1.0.0", registry = "twin" }\n',
    );
    const source = `sparse+${base}/index/`;
    writeFileSync(
      join(directory, 'locked/Cargo.lock'),
      `version = 4\n\n[[package]]\nname = "demo"\nversion = "1.0.0"\nsource = "${source}"\nchecksum = "${sha256(good)}"\n` +
        // The one who owns the mirror may own a crate that is locked, too.
        `\n[[package]]\nname = "other"\nversion = "1.0.0"\nsource = "${source}"\nchecksum = "${sha256(crate('evil'))}"\n`,
    );
    const env = { CARGO_HOME: join(directory, 'cargo-home'), CARGO_TERM_COLOR: 'never' };
    return {
      argv: ['cargo', 'fetch'],
      env: hermeticEnvironment(directory, env),
      cwd: project,
      own: ['--lockfile', join(directory, 'locked/Cargo.lock')],
    };
  },
  taken(directory) {
    const sources = join(directory, 'cargo-home/registry/src');
    const [registry] = existsSync(sources) ? readdirSync(sources) : [];
    if (registry === undefined) return 'nothing';
    const stored = join(directory, 'cargo-home/registry/cache', registry, 'demo-1.0.0.crate');
    return takenFrom(join(sources, registry, 'demo-1.0.0/src/lib.rs'), () =>
      readFileSync(stored).equals(good),
    );
  },
};
