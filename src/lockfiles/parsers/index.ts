import type { LockfileParser } from '../parser.ts';
import { bunLock } from './bun-lock.ts';
import { cargoLock } from './cargo-lock.ts';
import { dockerfile } from './dockerfile.ts';
import { goSum } from './go-sum.ts';
import { gradleVerification } from './gradle-verification.ts';
import { npmLock } from './npm-lock.ts';
import { pipfileLock } from './pipfile-lock.ts';
import { pnpmLock } from './pnpm-lock.ts';
import { poetryLock, pylock, uvLock } from './python-toml.ts';
import { requirements } from './requirements.ts';
import { yarnBerry } from './yarn-berry.ts';
import { yarnClassic } from './yarn-classic.ts';

export const parsers: readonly LockfileParser[] = [
  npmLock,
  yarnClassic,
  yarnBerry,
  pnpmLock,
  bunLock,
  requirements,
  poetryLock,
  uvLock,
  pipfileLock,
  pylock,
  cargoLock,
  goSum,
  gradleVerification,
  dockerfile,
];
