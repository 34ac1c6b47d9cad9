import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installTool, packagesOf, programOf } from '../../tools/install-tool.ts';
import type { ToolPackage } from '../../tools/install-tool.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import type { Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';
import type { StoredQuery } from '../stored-files.ts';
import { serveNpm } from './npm-twin.ts';
import { createNpmPackages, rootCount } from './packages.ts';

interface PackageManager {
  readonly name: string;
  /** Its tool in the table of recipes. */
  readonly recipe: string;
  readonly tool: ToolPackage;
  readonly argv: readonly string[];
  readonly version?: readonly string[];
  /** Its settings: file name and content. */
  readonly settings?: (baseUrl: string) => readonly [string, string];
  readonly env?: (directory: string, baseUrl: string) => NodeJS.ProcessEnv;
  /** Where it unpacks the packages. */
  readonly stored?: readonly [string, Partial<StoredQuery>];
}

export const bun: ToolPackage = { from: 'npm', name: 'bun', version: '1.4.5' };
export const deno: ToolPackage = { from: 'npm', name: 'deno', version: '2.9.6' };

const packages = createNpmPackages(12);
const dependencies = Object.fromEntries(
  packages.slice(0, rootCount).map(({ name, version }) => [name, version]),
);
/** What package managers write of their own names the registry's address, or the time. */
const unpacked = { only: /^(?!\.(?:modules\.yaml|pnpm-workspace-state|yarn|pnpm\/lock)|.*\/\.yarn-)/ };

const managers: readonly PackageManager[] = [
  pnpm('8.15.9'),
  pnpm('9.15.9'),
  pnpm('10.34.9'),
  pnpm('11.28.11', { beside: ['node@22.23.3'] }),
  {
    name: 'yarn-1',
    recipe: 'yarn',
    tool: { from: 'npm', name: 'yarn', version: '1.22.22' },
    argv: ['yarn', 'install', '--non-interactive', '--cache-folder', 'cache'],
    settings: npmrc,
  },
  yarn('2.4.2'),
  yarn('3.8.7'),
  yarn('4.18.1'),
  {
    name: 'bun-install',
    recipe: 'bun',
    tool: bun,
    argv: ['bun', 'install'],
    settings: (baseUrl) => ['bunfig.toml', `[install]\nregistry = "${baseUrl}/"\n`],
    env: (directory) => ({ BUN_INSTALL_CACHE_DIR: join(directory, 'cache') }),
  },
  {
    name: 'deno-install',
    recipe: 'deno',
    tool: deno,
    argv: ['deno', 'install'],
    env: (directory, baseUrl) => ({
      DENO_DIR: join(directory, 'deno'),
      DENO_NO_UPDATE_CHECK: '1',
      NPM_CONFIG_REGISTRY: `${baseUrl}/`,
    }),
    stored: ['node_modules', { only: /^(?!\.deno\/\.)/ }],
  },
];

function npmrc(baseUrl: string): readonly [string, string] {
  return ['.npmrc', `registry=${baseUrl}/\n`];
}

function pnpm(version: string, more: Partial<ToolPackage> = {}): PackageManager {
  return {
    name: `pnpm-${version.split('.', 1)[0] ?? ''}`,
    recipe: 'pnpm',
    tool: { from: 'npm', name: 'pnpm', version, ...more },
    argv: ['pnpm', 'install', '--store-dir', 'store'],
    settings: npmrc,
  };
}

/** Yarn 2 and later, which are packages of their own. */
function yarn(version: string): PackageManager {
  const settings = [
    'unsafeHttpWhitelist: [127.0.0.1, registry.test]',
    'nodeLinker: node-modules',
    'enableTelemetry: false',
    'enableGlobalCache: false',
    'enableImmutableInstalls: false',
  ];
  return {
    name: `yarn-${version.split('.', 1)[0] ?? ''}`,
    recipe: 'yarn',
    tool: { from: 'npm', name: '@yarnpkg/cli-dist', version },
    argv: ['yarn', 'install'],
    settings: (baseUrl) => ['.yarnrc.yml', [`npmRegistryServer: "${baseUrl}"`, ...settings, ''].join('\n')],
  };
}

/** Each package manager installing the same packages as npm's twin. */
export const packageManagerTwins: readonly Twin[] = managers.map((manager) => {
  const { name, recipe, tool, argv, settings, env, stored = ['node_modules', unpacked] } = manager;
  const [program = '', ...args] = argv;
  const bin = join(packagesOf(tool), '.bin');
  const path = `${bin}:${process.env['PATH'] ?? ''}`;
  return {
    name,
    tools: [recipe],
    version: ['env', `PATH=${path}`, programOf(tool, program), '--version'],
    available: async () => (await installTool(tool)).reason,
    createHandler: () => serveNpm(packages),
    prepare(directory, baseUrl) {
      const project = { name: 'twin', version: '1.0.0', private: true, dependencies };
      writeFileSync(join(directory, 'package.json'), JSON.stringify(project));
      writeFileSync(join(directory, 'yarn.lock'), '');
      if (settings) writeFileSync(join(directory, settings(baseUrl)[0]), settings(baseUrl)[1]);
      const additions = { PATH: path, CI: 'false', ...env?.(directory, baseUrl) };
      return {
        argv: [programOf(tool, program), ...args],
        env: hermeticEnvironment(directory, additions),
        cwd: directory,
      };
    },
    stored: (directory) => storedBelow(join(directory, stored[0]), { asFetched: false, ...stored[1] }),
  };
});
