import { join } from 'node:path';
import { installTool, packagesOf, programOf } from '../../tools/install-tool.ts';
import type { ToolPackage } from '../../tools/install-tool.ts';
import { missingCommand } from '../commands.ts';
import type { Scheme, Twin } from '../scenario.ts';
import { downloadTwin } from './download-twin.ts';
import { phpStreamsTwin } from './language-clients.ts';
import { aiohttp, askPackage } from './python-clients.ts';
import * as programs from './python-programs.ts';

interface BypassingClient {
  readonly twin: Twin;
  readonly scheme: Scheme;
  /** Ends the row `not seen: …` of the README. */
  readonly why: string;
}

const urllib3: ToolPackage = { from: 'pypi', name: 'urllib3', version: '2.8.0' };
const undici: ToolPackage = { from: 'npm', name: 'undici', version: '6.29.1' };

/** A dispatcher of the program's own, which no global setting reaches. */
const undiciPool = `
const { writeFileSync } = require('node:fs');
const { basename } = require('node:path');
const { Agent } = require(${JSON.stringify(join(packagesOf(undici), 'undici'))});
const fetchAll = async (urls) => {
  for (const url of urls) {
    const response = await fetch(url, { dispatcher: new Agent() });
    writeFileSync('downloads/' + basename(url), Buffer.from(await response.arrayBuffer()));
  }
};
fetchAll(process.argv.slice(2)).catch((error) => { console.error(error); process.exit(1); });
`;

const nodeHttp2 = `
const { createWriteStream } = require('node:fs');
const { connect } = require('node:http2');
const { basename } = require('node:path');
const { pipeline } = require('node:stream/promises');
const fetchAll = async (urls) => {
  const session = connect(new URL(urls[0]).origin);
  for (const url of urls) {
    await pipeline(session.request({ ':path': new URL(url).pathname }), createWriteStream('downloads/' + basename(url)));
  }
  session.close();
};
fetchAll(process.argv.slice(2)).catch((error) => { console.error(error); process.exit(1); });
`;

const python = (name: string, tool: ToolPackage, source: string): Twin =>
  downloadTwin({
    name,
    tools: [],
    version: askPackage(tool),
    available: async () => (await installTool(tool)).reason,
    argv: [programOf(tool, 'python'), 'fetch.py'],
    program: ['fetch.py', source],
  });

/** The registry is no Subversion server; what counts is that it was asked. */
const subversion: Twin = downloadTwin({
  name: 'svn',
  tools: [],
  version: ['svn', '--version', '-q'],
  available: () => missingCommand('svn'),
  argv: ['sh', '-c', '! svn info --non-interactive "$1"', 'sh'],
});

/** Clients that take no proxy from their environment. */
export const bypassingTwins: readonly BypassingClient[] = [
  {
    twin: phpStreamsTwin,
    scheme: 'http',
    why: 'its streams take a proxy from the program alone; its curl is seen',
  },
  { twin: subversion, scheme: 'http', why: 'it reads its proxy from ~/.subversion/servers alone' },
  {
    twin: python('aiohttp-plain', aiohttp, programs.aiohttp('')),
    scheme: 'http',
    why: 'it ignores proxy variables unless the program asks for them',
  },
  {
    twin: python('urllib3-plain', urllib3, programs.urllib3),
    scheme: 'http',
    why: 'its pools ignore proxy variables; libraries on top of it (requests, boto3) do not',
  },
  {
    twin: downloadTwin({
      name: 'undici-agent',
      tools: [],
      version: [
        process.execPath,
        '-p',
        `require(${JSON.stringify(join(packagesOf(undici), 'undici', 'package.json'))}).version`,
      ],
      available: async () => (await installTool(undici)).reason,
      argv: [process.execPath, 'fetch.cjs'],
      program: ['fetch.cjs', undiciPool],
    }),
    scheme: 'http',
    why: 'a dispatcher that the program makes itself connects by itself',
  },
  {
    twin: downloadTwin({
      name: 'node-http2',
      tools: [],
      version: [process.execPath, '--version'],
      available: () => undefined,
      argv: [process.execPath, 'fetch.cjs'],
      program: ['fetch.cjs', nodeHttp2],
    }),
    scheme: 'https',
    why: 'its sessions connect by themselves; axios and got use it only when asked to',
  },
];
