import type { Recipe } from './types.ts';

const npm = 'https://docs.npmjs.com/cli/using-npm/config';
const node = 'https://nodejs.org/api/cli.html#environment-variables';

/** JavaScript runtimes and package tools. */
export const javascript: readonly Recipe[] = [
  // Variables win over the same keys in an .npmrc. Not npm_config_cafile: npm would read all roots for each connection
  // (20 ms), and the preload adds the audit CA to a cafile of the user's.
  { tool: 'npm', variable: 'npm_config_proxy', value: 'proxy-url', documentation: npm },
  { tool: 'npm', variable: 'npm_config_https_proxy', value: 'proxy-url', documentation: npm },
  { tool: 'npm', variable: 'npm_config_noproxy', value: 'no-proxy', documentation: npm },
  { tool: 'node', variable: 'NODE_EXTRA_CA_CERTS', value: 'ca-file', documentation: node },
  // Not NODE_USE_ENV_PROXY: it makes Node 22.21 print a warning in every process, doubles the start-up time of Node 24,
  // and reaches no agent but the global one. The preload needs neither and serves all versions alike.
  { tool: 'node', variable: 'NODE_OPTIONS', value: 'node-options', documentation: node },
];
