import { installTool, packagesOf, programOf } from '../../tools/install-tool.ts';
import type { ToolPackage } from '../../tools/install-tool.ts';
import type { Twin } from '../scenario.ts';
import { downloadTwin } from './download-twin.ts';

/** Each library in a version that runs in every Node from 20 on; they find the proxy, or are led to it, in all ways there are. */
const tool: ToolPackage = {
  from: 'npm',
  name: 'axios',
  version: '1.21.1',
  beside: [
    ...['agentkeepalive@4.6.0', 'got@14.6.6', 'make-fetch-happen@14.0.3', 'needle@3.5.0', 'node-fetch@3.3.2'],
    ...['hpagent@1.2.0', 'https-proxy-agent@7.0.6', 'superagent@10.3.0', 'undici@6.29.1', 'request@2.88.2'],
  ],
};

/** Every library fetches every address. */
const program = `
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(${JSON.stringify(`${packagesOf(tool)}/program.cjs`)});
const load = async (name) => {
  const module = await import(pathToFileURL(require.resolve(name)).href);
  return module.default ?? module;
};
const proxy = process.env.HTTPS_PROXY;
const read = async (response) => Buffer.from(await response.arrayBuffer());
const isSecure = (url) => url.startsWith('https:');
const byAgent = (url, agent) =>
  new Promise((resolve, reject) => {
    const asked = (isSecure(url) ? https : http).get(url, { agent }, async (response) => {
      const chunks = [];
      for await (const chunk of response) chunks.push(chunk);
      agent.destroy();
      resolve(Buffer.concat(chunks));
    });
    asked.on('error', reject);
  });
const libraries = {
  axios: async (url) => (await (await load('axios')).get(url, { responseType: 'arraybuffer' })).data,
  'axios-fetch': async (url) =>
    Buffer.from((await (await load('axios')).get(url, { adapter: 'fetch', responseType: 'arraybuffer' })).data),
  agentkeepalive: async (url) => {
    const Agent = await load('agentkeepalive');
    return byAgent(url, isSecure(url) ? new Agent.HttpsAgent() : new Agent());
  },
  got: async (url) => (await load('got'))(url).buffer(),
  'make-fetch-happen': async (url) => (await (await load('make-fetch-happen'))(url)).buffer(),
  needle: async (url) => (await (await load('needle'))('get', url)).raw,
  'node-fetch': async (url) => read(await (await load('node-fetch'))(url)),
  request: async (url) => {
    const request = await load('request');
    return new Promise((resolve, reject) =>
      request({ url, encoding: null }, (error, _, body) => (error ? reject(error) : resolve(body))),
    );
  },
  superagent: async (url) => (await (await load('superagent')).get(url).responseType('blob')).body,
  undici: async (url) => read((await (await load('undici')).request(url)).body),
  'undici-proxy-agent': async (url) => {
    const { ProxyAgent, request } = await load('undici');
    if (!proxy) return read((await request(url)).body);
    const dispatcher = new ProxyAgent(proxy);
    const body = await read((await request(url, { dispatcher })).body);
    await dispatcher.close();
    return body;
  },
  hpagent: async (url) => {
    const { HttpProxyAgent, HttpsProxyAgent } = await load('hpagent');
    const Agent = isSecure(url) ? HttpsProxyAgent : HttpProxyAgent;
    return byAgent(url, proxy ? new Agent({ proxy }) : new http.Agent());
  },
  'https-proxy-agent': async (url) => {
    const { HttpsProxyAgent } = await load('https-proxy-agent');
    return byAgent(url, proxy ? new HttpsProxyAgent(proxy) : new http.Agent());
  },
};
for (const [name, fetchBy] of Object.entries(libraries)) {
  for (const url of process.argv.slice(2)) {
    writeFileSync('downloads/' + name + '-' + basename(url), await fetchBy(url));
  }
}
`;

/** Another Node than the one that runs the tests. */
const nodeOf = (version: string): ToolPackage => ({ from: 'npm', name: 'node', version });

function libraries(name: string, runtime: ToolPackage | undefined): Twin {
  const node = runtime === undefined ? process.execPath : programOf(runtime, 'node');
  const needed = runtime === undefined ? [tool] : [tool, runtime];
  return downloadTwin({
    name,
    tools: ['node'],
    version: [node, '--version'],
    available: async () =>
      (await Promise.all(needed.map(installTool))).find(({ reason }) => reason !== undefined)?.reason,
    argv: [node, '--no-warnings', 'fetch.mjs'],
    program: ['fetch.mjs', program],
  });
}

/** The libraries in this Node and in later ones. */
export const nodeLibraryTwins: readonly Twin[] = [
  libraries('node-libraries', undefined),
  libraries('node-libraries-22', nodeOf('22.23.3')),
  libraries('node-libraries-24', nodeOf('24.21.0')),
];
