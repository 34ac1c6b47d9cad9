import { installTool, programOf } from '../../tools/install-tool.ts';
import type { ToolPackage } from '../../tools/install-tool.ts';
import type { Twin } from '../scenario.ts';
import { downloadTwin } from './download-twin.ts';
import * as programs from './python-programs.ts';

interface PythonClient extends Partial<Pick<Twin, 'schemes'>> {
  readonly name: string;
  /** Its tool in the table of recipes. */
  readonly recipe: string;
  readonly tool: ToolPackage;
  readonly source: string;
}

const httpx: ToolPackage = { from: 'pypi', name: 'httpx', version: '0.28.1', beside: ['h2==4.3.0'] };
export const aiohttp: ToolPackage = { from: 'pypi', name: 'aiohttp', version: '3.14.5' };

const clients: readonly PythonClient[] = [
  { name: 'httpx', recipe: 'openssl', tool: httpx, source: programs.httpx },
  { name: 'httpx-http2', recipe: 'openssl', tool: httpx, source: programs.httpxHttp2 },
  { name: 'aiohttp', recipe: 'openssl', tool: aiohttp, source: programs.aiohttp('trust_env=True') },
  {
    name: 'httplib2', // without PySocks it takes no proxy
    recipe: 'httplib2',
    tool: { from: 'pypi', name: 'httplib2', version: '0.32.1', beside: ['PySocks==1.7.1'] },
    source: programs.httplib2,
  },
  {
    name: 'boto3',
    recipe: 'aws',
    tool: { from: 'pypi', name: 'boto3', version: '1.44.5' },
    source: programs.boto3,
  },
];

/** Prints the version of the package that a tool is. */
export const askPackage = (tool: ToolPackage): string[] => [
  programOf(tool, 'python'),
  '-c',
  `import importlib.metadata; print(importlib.metadata.version("${tool.name}"))`,
];

/** Python libraries fetching the files of the download clients. */
export const pythonClientTwins: readonly Twin[] = clients.map(({ name, recipe, tool, source, schemes }) =>
  downloadTwin({
    name,
    tools: [recipe],
    schemes,
    version: askPackage(tool),
    available: async () => (await installTool(tool)).reason,
    argv: [programOf(tool, 'python'), 'fetch.py'],
    program: ['fetch.py', source],
  }),
);
