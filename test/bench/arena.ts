import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAuthority } from '../helpers/origin/authority.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { benchHost } from './contenders.ts';
import type { TlsFiles } from './serve-until-stdin-closes.ts';
import type { Settings } from './settings.ts';
import { startProgram } from './start-program.ts';
import type { RunningProgram } from './start-program.ts';

export interface Places {
  /** Root of the repository. */
  readonly root: string;
  /** Where the bundled programs are. */
  readonly programs: string;
}

/** Everything that the rows share. */
export interface Arena extends Places {
  readonly settings: Settings;
  /** The checkout of what is measured. */
  readonly product: string;
  /** Temporary, removed at the end. */
  readonly directory: string;
  readonly tls: TlsFiles;
  /** Starts a server at its first use; it is stopped at the end. */
  once(key: string, start: () => Promise<RunningProgram>): Promise<RunningProgram>;
  /** Starts one of `programs/` in the same way; its argument is `tls` unless given. */
  program(name: string, args?: object): Promise<RunningProgram>;
  /** Prints a line on stderr, the same one only once. */
  say(text: string): void;
  stop(): Promise<void>;
}

/** Makes the certificates and the temporary directory of one bench run. */
export function openArena(settings: Settings, places: Places): Arena {
  const workspace = createWorkspace('bench');
  const { directory } = workspace;
  const tls = writeTlsFiles(directory);
  const running = new Map<string, Promise<RunningProgram>>();
  const said = new Set<string>();
  const once: Arena['once'] = (key, start) => {
    const started = running.get(key) ?? start();
    running.set(key, started);
    return started;
  };
  return {
    ...places,
    settings,
    product: settings.product ?? places.root,
    directory,
    tls,
    once,
    program: (name, args = tls) =>
      once(name, () =>
        startProgram([process.execPath, join(places.programs, `${name}.mjs`), JSON.stringify(args)]),
      ),
    say(text) {
      if (!said.has(text)) process.stderr.write(`${text}\n`);
      said.add(text);
    },
    async stop() {
      const all = await Promise.allSettled(running.values());
      for (const one of all) if (one.status === 'fulfilled') one.value.stop();
      workspace.remove();
    },
  };
}

function writeTlsFiles(directory: string): TlsFiles {
  const authority = createAuthority(directory, 'bench-authority');
  const leaf = authority.issue({ names: [benchHost, 'localhost', '127.0.0.1'] });
  const files = { key: join(directory, 'key.pem'), cert: join(directory, 'cert.pem'), ca: authority.file };
  writeFileSync(files.key, leaf.key, { mode: 0o600 });
  writeFileSync(files.cert, leaf.cert);
  return files;
}
