import { join } from 'node:path';
import { installTool, packagesOf } from '../../tools/install-tool.ts';
import type { ToolPackage } from '../../tools/install-tool.ts';
import type { Twin } from '../scenario.ts';
import { downloadTwin } from './download-twin.ts';
import { nodeRequire } from './programs.ts';

const tool: ToolPackage = { from: 'npm', name: 'global-agent', version: '3.0.0' };
const packageFolder = join(packagesOf(tool), tool.name);

/** A program that proxies by itself, through a proxy that is not there: without us it has an exception for loopback. */
export const globalAgentTwin: Twin = downloadTwin({
  name: 'global-agent',
  tools: ['global-agent'],
  version: [process.execPath, '-p', `require(${JSON.stringify(`${packageFolder}/package.json`)}).version`],
  available: async () => (await installTool(tool)).reason,
  argv: [process.execPath, 'fetch.cjs'],
  program: ['fetch.cjs', `require(${JSON.stringify(packageFolder)}).bootstrap();\n${nodeRequire}`],
  env: { GLOBAL_AGENT_HTTP_PROXY: 'http://127.0.0.1:9', GLOBAL_AGENT_NO_PROXY: '127.0.0.1' },
});
