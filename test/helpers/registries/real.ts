import { realApt } from './real/apt.ts';
import { realCargo } from './real/cargo.ts';
import { realGo } from './real/go.ts';
import { realMaven } from './real/maven.ts';
import { realNpm } from './real/npm.ts';
import { realPipDownload, realPipInstall } from './real/pip.ts';
import type { Scenario } from './scenario.ts';

/**
 * Every client with the registry that it is configured for: no host is named here. Their `baseUrl` is ignored.
 * `available` says why not, where the registry does not answer.
 */
export const realScenarios: readonly Scenario[] = [
  realApt,
  realCargo,
  realGo,
  realMaven,
  realNpm,
  realPipDownload,
  realPipInstall,
];
