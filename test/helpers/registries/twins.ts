import { cargoTwin } from './cargo/cargo-twin.ts';
import { debianTwin } from './debian/debian-twin.ts';
import { downloadTwins } from './download/download-twins.ts';
import { gitTwin } from './git/git-twin.ts';
import { goTwin } from './go/go-twin.ts';
import { mavenTwin } from './maven/maven-twin.ts';
import { npmTwin } from './npm/npm-twin.ts';
import { pipInstallTwin, pypiTwin } from './pypi/pypi-twin.ts';
import type { Twin } from './scenario.ts';

/** Every client with a registry of its own that needs no network. */
export const twins: readonly Twin[] = [
  debianTwin,
  cargoTwin,
  gitTwin,
  goTwin,
  mavenTwin,
  npmTwin(),
  npmTwin({ command: 'install' }),
  pypiTwin,
  pipInstallTwin,
  ...downloadTwins,
];
