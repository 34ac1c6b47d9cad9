import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installTool, programOf } from '../../tools/install-tool.ts';
import type { ToolPackage } from '../../tools/install-tool.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import type { Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';
import { distributions, servePypi } from './pypi-twin.ts';

interface PythonTool {
  readonly name: string;
  /** Its tool in the table of recipes. */
  readonly recipe: string;
  readonly tool: ToolPackage;
  readonly argv: (baseUrl: string) => readonly string[];
  /** Its project: file name and lines. */
  readonly project?: (baseUrl: string) => readonly [string, readonly string[]];
  readonly env?: (directory: string, baseUrl: string) => NodeJS.ProcessEnv;
  /** The folder that it installs into. */
  readonly target: string;
}

const index = (baseUrl: string): string => `${baseUrl}/simple/`;
const isPlain = (baseUrl: string): boolean => baseUrl.startsWith('http:');
const dependencies = 'dependencies = ["twin-alpha==1.2.0", "twin-gamma==0.3"]';
const about = ['[project]', 'name = "twin-project"', 'version = "1.0"', 'requires-python = ">=3.9"'];

const tools: readonly PythonTool[] = [
  {
    name: 'uv-pip',
    recipe: 'openssl',
    tool: { from: 'pypi', name: 'uv', version: '0.13.8' },
    argv: (baseUrl) => [
      ...['uv', 'pip', 'install', '--no-config', '--target', 'installed', '--index-url', index(baseUrl)],
      ...(isPlain(baseUrl) ? ['--allow-insecure-host', new URL(baseUrl).host] : []),
      ...['twin-alpha==1.2.0', 'twin-gamma==0.3'],
    ],
    target: 'installed',
  },
  {
    name: 'poetry-install',
    recipe: 'requests',
    tool: { from: 'pypi', name: 'poetry', version: '2.5.1' },
    argv: () => ['poetry', 'install', '--no-interaction'],
    project: (baseUrl) => [
      'pyproject.toml',
      [
        ...about,
        dependencies,
        ...['[tool.poetry]', 'package-mode = false', '[[tool.poetry.source]]', 'name = "twin"'],
        ...[`url = "${index(baseUrl)}"`, 'priority = "primary"'],
      ],
    ],
    env: () => ({ POETRY_VIRTUALENVS_IN_PROJECT: '1' }),
    target: '.venv',
  },
  {
    name: 'pdm-install',
    recipe: 'pdm',
    // Its later versions do not run with the later versions of what they need.
    tool: {
      ...{ from: 'pypi', name: 'pdm', version: '2.26.1' },
      beside: ['hishel==0.1.5', 'unearth==0.17.5'],
    },
    argv: () => ['pdm', 'install'],
    project: (baseUrl) => [
      'pyproject.toml',
      [
        ...about,
        dependencies,
        ...['[tool.pdm]', 'distribution = false', '[[tool.pdm.source]]', 'name = "pypi"'],
        ...[`url = "${index(baseUrl)}"`, `verify_ssl = ${String(!isPlain(baseUrl))}`],
      ],
    ],
    env: () => ({ PDM_CHECK_UPDATE: '0' }),
    target: '.venv',
  },
  {
    name: 'pipenv-install',
    recipe: 'pip',
    tool: { from: 'pypi', name: 'pipenv', version: '2026.10.3' },
    argv: () => ['pipenv', 'install'],
    project: (baseUrl) => [
      'Pipfile',
      [
        ...['[[source]]', `url = "${index(baseUrl)}"`, `verify_ssl = ${String(!isPlain(baseUrl))}`],
        ...['name = "twin"', '[packages]', 'twin-alpha = "==1.2.0"'],
      ],
    ],
    // virtualenv asks no index but the public one for what it puts into each environment.
    env: () => ({
      PIPENV_VENV_IN_PROJECT: '1',
      VIRTUALENV_NO_PIP: '1',
      VIRTUALENV_NO_SETUPTOOLS: '1',
      VIRTUALENV_NO_PERIODIC_UPDATE: '1',
    }),
    target: '.venv',
  },
  {
    name: 'hatch-env-create',
    recipe: 'openssl',
    tool: { from: 'pypi', name: 'hatch', version: '1.18.2' },
    argv: () => ['hatch', 'env', 'create'],
    project: () => [
      'pyproject.toml',
      [
        ...about,
        ...['[tool.hatch.envs.default]', 'path = ".venv"', 'installer = "uv"', 'skip-install = true'],
        dependencies,
      ],
    ],
    env: (_directory, baseUrl) => ({
      UV_DEFAULT_INDEX: index(baseUrl),
      UV_INSECURE_HOST: isPlain(baseUrl) ? new URL(baseUrl).host : '',
    }),
    target: '.venv',
  },
];

/** Each package tool installing what pip's twin serves. */
export const pythonToolTwins: readonly Twin[] = tools.map(
  ({ name, recipe, tool, argv, project, env, target }) => ({
    name,
    tools: [recipe],
    version: [programOf(tool, tool.name), '--version'],
    available: async () => (await installTool(tool)).reason,
    createHandler: () => servePypi(distributions()),
    prepare(directory, baseUrl) {
      const [file, lines] = project?.(baseUrl) ?? [];
      if (file !== undefined) writeFileSync(join(directory, file), `${lines?.join('\n') ?? ''}\n`);
      const [program = '', ...args] = argv(baseUrl);
      const places = { PIP_CONFIG_FILE: '/dev/null', PIP_NO_INPUT: '1', UV_NO_CONFIG: '1' };
      return {
        argv: [programOf(tool, program), ...args],
        env: hermeticEnvironment(directory, {
          XDG_DATA_HOME: join(directory, 'xdg-data'),
          ...places,
          ...env?.(directory, baseUrl),
        }),
        cwd: directory,
      };
    },
    stored: (directory) =>
      storedBelow(join(directory, target), {
        only: /(?:^|\/)twin_(?:alpha|beta|gamma)\/(?!__pycache__)/,
        asFetched: false,
      }),
  }),
);
