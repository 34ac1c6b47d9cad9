import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proxaudit, readJournal } from '../helpers/audit-run.ts';
import { recordClient } from '../helpers/client-table.ts';
import { createAuthority, type Authority } from '../helpers/origin/authority.ts';
import { resolveArguments } from '../helpers/origin/proxaudit-arguments.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { nugetTwin } from '../helpers/registries/dotnet/nuget-twin.ts';
import { systemClientTwins } from '../helpers/registries/download/system-clients.ts';
import { rebar3Twin } from '../helpers/registries/erlang/rebar3-twin.ts';
import { runScenario } from '../helpers/registries/run-scenario.ts';
import type { Twin } from '../helpers/registries/scenario.ts';
import { registryName, startTwin } from '../helpers/registries/start-twin.ts';

interface RefusingTool {
  readonly twin: Twin | undefined;
  /** As its version prints it, where others do not refuse. */
  readonly build: RegExp;
  readonly why: string;
}

const system = (name: string) => systemClientTwins.find((twin) => twin.name === name);
/** Tools whose trust no variable reaches: over https they fail, and the README says so. */
const refusing: readonly RefusingTool[] = [
  {
    twin: system('aria2c'),
    build: /GnuTLS/,
    why: 'over https it trusts the system and --ca-certificate alone',
  },
  { twin: system('lftp'), build: /GnuTLS/, why: 'over https it trusts the system and ssl:ca-file alone' },
  {
    twin: system('wget2'),
    build: /Wget2 1\./,
    why: 'over https version 1 speaks TLS to the proxy itself',
  },
  {
    twin: nugetTwin,
    build: /NuGet Version: 2\./,
    why: 'over https Mono trusts the folders that cert-sync fills alone',
  },
  {
    twin: rebar3Twin,
    build: /^rebar 3\./,
    why: 'over https it trusts its own roots, or those of ssl_cacerts_path in its configuration',
  },
];

const workspace = createWorkspace('refusing');
let authority: Authority;
beforeAll(() => {
  authority = createAuthority(workspace.directory);
});
afterAll(() => {
  workspace.remove();
});

// Some are installed by that.
await Promise.all(refusing.map(async ({ twin }) => await twin?.available()));

describe.each(refusing)('$twin.name', ({ twin, build, why }) => {
  const [command = '', ...args] = twin?.version ?? [];
  const { stdout } = spawnSync(command, args, { encoding: 'utf8' });
  const reason = build.test(stdout ?? '') ? undefined : 'no such build is installed';

  it.skipIf(reason !== undefined)(
    `fetches nothing over https${reason === undefined ? '' : ` (${reason})`}`,
    async () => {
      if (twin === undefined) throw new Error('there is no such client');
      const registry = await startTwin(twin, { authority, directory: workspace.directory });
      try {
        const journalFile = join(workspace.directory, `${twin.name}.jsonl`);
        const options = ['-q', '--upstream-ca', authority.file, ...resolveArguments(registryName, registry)];
        const { result, stored } = await runScenario(twin, {
          parent: workspace.directory,
          baseUrl: `https://${registryName}`,
          wrapper: proxaudit(journalFile, ...options),
        });
        expect(result.code).not.toBe(0);
        expect(stored.filter(({ size }) => size > 0)).toEqual([]);
        const { exchanges } = readJournal(journalFile);
        expect(exchanges.filter(({ response }) => response?.body.complete === true)).toEqual([]);
        await recordClient(twin, { tier: 'hermetic', scheme: 'https', unseen: why });
      } finally {
        await registry.close();
      }
    },
  );
});
