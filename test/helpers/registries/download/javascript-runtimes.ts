import { installTool, programOf } from '../../tools/install-tool.ts';
import type { ToolPackage } from '../../tools/install-tool.ts';
import { bun, deno } from '../npm/package-managers.ts';
import type { Twin } from '../scenario.ts';
import { downloadTwin } from './download-twin.ts';
import { nodeFetch } from './programs.ts';

const runtime = (tool: ToolPackage, ...args: string[]): Twin =>
  downloadTwin({
    name: `${tool.name}-fetch`,
    tools: [tool.name],
    version: [programOf(tool, tool.name), '--version'],
    available: async () => (await installTool(tool)).reason,
    argv: [programOf(tool, tool.name), ...args, 'fetch.mjs'],
    program: ['fetch.mjs', nodeFetch],
    env: { DENO_NO_UPDATE_CHECK: '1' },
  });

/** `fetch` in the other runtimes. */
export const runtimeTwins: readonly Twin[] = [runtime(bun, 'run'), runtime(deno, 'run', '-A')];
