import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { storedByCargo } from '../cargo/cargo-twin.ts';
import { ownEnvironment } from '../client-environment.ts';
import { realScenario } from './probe.ts';

/** `cargo fetch` of three small crates. */
export const realCargo = realScenario({
  name: 'cargo-fetch-real',
  tools: ['cargo'],
  version: ['cargo', '--version'],
  commands: ['cargo'],
  prepare(directory) {
    mkdirSync(join(directory, 'src'));
    writeFileSync(join(directory, 'src', 'lib.rs'), '');
    const project = '[package]\nname = "real-project"\nversion = "0.0.0"\nedition = "2021"\n';
    const dependencies = '[dependencies]\nitoa = "=1.0.11"\ncfg-if = "=1.0.0"\nmemchr = "=2.7.4"\n';
    writeFileSync(join(directory, 'Cargo.toml'), project + dependencies);
    const places = {
      CARGO_HOME: join(directory, 'cargo-home'),
      XDG_STATE_HOME: join(directory, 'xdg-state'),
    };
    return { argv: ['cargo', 'fetch'], env: ownEnvironment(places), cwd: directory };
  },
  stored: (directory) => storedByCargo(join(directory, 'cargo-home')),
});
