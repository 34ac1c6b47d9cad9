import type { Recipe } from './types.ts';

const hex = 'https://hexdocs.pm/hex/Mix.Tasks.Hex.Config.html';

/** Languages whose package tools need no more than a variable or two. */
export const otherLanguages: readonly Recipe[] = [
  { tool: 'hex', variable: 'HEX_CACERTS_PATH', value: 'bundle-file', documentation: hex },
  { tool: 'hex', variable: 'HEX_HTTP_PROXY', value: 'proxy-url-if-set', documentation: hex },
  { tool: 'hex', variable: 'HEX_HTTPS_PROXY', value: 'proxy-url-if-set', documentation: hex },
  {
    tool: 'erlang',
    variable: 'ERL_AFLAGS',
    value: 'erlang-options',
    documentation: 'https://www.erlang.org/doc/apps/public_key/public_key_app.html',
  },
  {
    tool: 'haskell', // Stack, and all that asks crypton-x509-system
    variable: 'SYSTEM_CERTIFICATE_PATH',
    value: 'bundle-file',
    documentation: 'https://hackage.haskell.org/package/crypton-x509-system',
  },
  {
    tool: 'julia',
    variable: 'JULIA_SSL_CA_ROOTS_PATH',
    value: 'bundle-file',
    documentation: 'https://docs.julialang.org/en/v1/manual/environment-variables/#JULIA_SSL_CA_ROOTS_PATH',
  },
];
