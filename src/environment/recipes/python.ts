import type { Recipe } from './types.ts';

/** Python package tools and libraries. */
export const python: readonly Recipe[] = [
  {
    tool: 'pip',
    variable: 'PIP_CERT',
    value: 'bundle-file',
    documentation: 'https://pip.pypa.io/en/stable/topics/https-certificates/',
  },
  {
    tool: 'pip', // set unasked it would stop pip from reading NO_PROXY and .netrc
    variable: 'PIP_PROXY',
    value: 'proxy-url-if-set',
    documentation: 'https://pip.pypa.io/en/stable/user_guide/#using-a-proxy-server',
  },
  {
    tool: 'requests',
    variable: 'REQUESTS_CA_BUNDLE',
    value: 'bundle-file',
    documentation: 'https://requests.readthedocs.io/en/latest/user/advanced/#ssl-cert-verification',
  },
];
