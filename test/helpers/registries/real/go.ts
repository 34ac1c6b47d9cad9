import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownEnvironment } from '../client-environment.ts';
import { runOffline } from '../commands.ts';
import { privateGoCaches, storedByGo } from '../go/go-twin.ts';
import { realScenario } from './probe.ts';

/** `go mod download` of the released modules that the installed Go itself is built with. */
export const realGo = realScenario({
  name: 'go-mod-download-real',
  tools: ['openssl'],
  version: ['go', 'version'],
  commands: ['go'],
  prepare(directory) {
    const env = ownEnvironment({
      ...privateGoCaches(directory),
      XDG_STATE_HOME: join(directory, 'xdg-state'),
    });
    const root = runOffline(['go', 'env', 'GOROOT'], { cwd: directory, env }).trim();
    writeFileSync(join(directory, 'go.mod'), projectWith(releasedModules(join(root, 'src'))));
    return { argv: ['go', 'mod', 'download'], env, cwd: directory };
  },
  stored: (directory) => storedByGo(join(directory, 'modcache')),
});

/**
 * Requirement lines of Go's own go.mod, those with a plain version where there are any; module paths are host names, so
 * none stands here.
 */
function releasedModules(source: string): string[] {
  const text = readFileSync(join(source, 'go.mod'), 'utf8');
  return text.match(/^\t\S+ v\d+\.\d+\.\d+(?= |$)/gm) ?? text.match(/^\t\S+ v\S+/gm) ?? [];
}

const projectWith = (requirements: readonly string[]): string =>
  `module example.test/project\n\ngo 1.18\n\nrequire (\n${requirements.join('\n')}\n)\n`;
