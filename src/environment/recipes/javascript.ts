import type { Recipe } from './types.ts';

const npm = 'https://docs.npmjs.com/cli/using-npm/config';
const pnpm = 'https://pnpm.io/settings#request-settings';
const yarn = 'https://yarnpkg.com/configuration/yarnrc';
const node = 'https://nodejs.org/api/cli.html#environment-variables';

/** JavaScript runtimes and package tools. */
export const javascript: readonly Recipe[] = [
  // Variables win over the same keys in an .npmrc. Not npm_config_cafile: npm would read all roots for each connection
  // (20 ms), and the preload adds the audit CA to a cafile of the user's.
  { tool: 'npm', variable: 'npm_config_proxy', value: 'proxy-url', documentation: npm },
  { tool: 'npm', variable: 'npm_config_https_proxy', value: 'proxy-url', documentation: npm },
  { tool: 'npm', variable: 'npm_config_noproxy', value: 'no-proxy', documentation: npm },
  // pnpm reads npm's up to version 10.
  { tool: 'pnpm', variable: 'pnpm_config_proxy', value: 'proxy-url', documentation: pnpm },
  { tool: 'pnpm', variable: 'pnpm_config_https_proxy', value: 'proxy-url', documentation: pnpm },
  { tool: 'pnpm', variable: 'pnpm_config_noproxy', value: 'no-proxy', documentation: pnpm },
  // The preload serves Yarn. Given a proxy of its own it knows no exceptions, so only a user's proxy is overruled. No
  // other variables: Yarn 2 and later end at one that their version does not know.
  { tool: 'yarn', variable: 'YARN_HTTP_PROXY', value: 'yarn-proxy', documentation: yarn },
  { tool: 'yarn', variable: 'YARN_HTTPS_PROXY', value: 'yarn-proxy', documentation: yarn },
  {
    tool: 'deno', // its certificates join Deno's own
    variable: 'DENO_CERT',
    value: 'ca-file',
    documentation: 'https://docs.deno.com/runtime/reference/env_variables/',
  },
  {
    tool: 'global-agent', // the preload serves its users too; a proxy of theirs would lead past us
    variable: 'GLOBAL_AGENT_HTTP_PROXY',
    value: 'proxy-url-if-set',
    documentation: 'https://github.com/gajus/global-agent#environment-variables',
  },
  {
    tool: 'global-agent',
    variable: 'GLOBAL_AGENT_HTTPS_PROXY',
    value: 'proxy-url-if-set',
    documentation: 'https://github.com/gajus/global-agent#environment-variables',
  },
  { tool: 'node', variable: 'NODE_EXTRA_CA_CERTS', value: 'ca-file', documentation: node },
  // Not NODE_USE_ENV_PROXY: it makes Node 22.21 print a warning in every process, doubles the start-up time of Node 24,
  // and reaches no agent but the global one. The preload needs neither and serves all versions alike.
  { tool: 'node', variable: 'NODE_OPTIONS', value: 'node-options', documentation: node },
];
