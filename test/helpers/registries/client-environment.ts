import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const kept = ['PATH', 'USER', 'LOGNAME', 'LANG', 'LC_ALL', 'TZ', 'JAVA_HOME', 'GOROOT', 'LD_LIBRARY_PATH'];

/** Where tools that are installed in the home directory find themselves when HOME is another one. */
const installations = {
  RUSTUP_HOME: process.env['RUSTUP_HOME'] ?? join(homedir(), '.rustup'),
  PYENV_ROOT: process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'),
};

function copyKept(): NodeJS.ProcessEnv {
  const copy: NodeJS.ProcessEnv = {};
  for (const name of kept) if (process.env[name] !== undefined) copy[name] = process.env[name];
  return copy;
}

function privatePlaces(directory: string): NodeJS.ProcessEnv {
  const places = {
    HOME: join(directory, 'home'),
    TMPDIR: join(directory, 'tmp'),
    XDG_CACHE_HOME: join(directory, 'xdg-cache'),
    XDG_CONFIG_HOME: join(directory, 'xdg-config'),
    XDG_STATE_HOME: join(directory, 'xdg-state'),
  };
  for (const place of Object.values(places)) mkdirSync(place, { recursive: true });
  return { ...places, ...installations };
}

/**
 * The environment of a hermetic client: nothing of ours but what finds the programs, and every private place below
 * `directory`, so that no configuration of the machine takes part and nothing outside changes.
 */
export const hermeticEnvironment = (
  directory: string,
  additions: NodeJS.ProcessEnv = {},
): NodeJS.ProcessEnv => ({
  ...copyKept(),
  ...privatePlaces(directory),
  ...additions,
});

/** Our own environment, so that the client is configured as the machine's owner meant, with additions. */
export const ownEnvironment = (additions: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  ...additions,
});
