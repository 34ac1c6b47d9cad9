import type { Recipe } from './types.ts';

const curl = 'https://curl.se/docs/manpage.html#ENVIRONMENT';
const requests = 'https://requests.readthedocs.io/en/latest/user/advanced/#proxies';

/** What most programs read, whatever they are written in. */
export const general: readonly Recipe[] = [
  // curl reads only the lower-case http_proxy, because CGI makes HTTP_PROXY out of a request header.
  { tool: 'generic', variable: 'HTTP_PROXY', value: 'proxy-url', documentation: requests },
  { tool: 'generic', variable: 'http_proxy', value: 'proxy-url', documentation: curl },
  { tool: 'generic', variable: 'HTTPS_PROXY', value: 'proxy-url', documentation: curl },
  { tool: 'generic', variable: 'https_proxy', value: 'proxy-url', documentation: curl },
  // Never set unasked: Python's clients need another package for a SOCKS URL in it, others prefer it for everything.
  { tool: 'generic', variable: 'ALL_PROXY', value: 'proxy-url-if-set', documentation: curl },
  { tool: 'generic', variable: 'all_proxy', value: 'proxy-url-if-set', documentation: curl },
  { tool: 'generic', variable: 'NO_PROXY', value: 'no-proxy', documentation: curl },
  { tool: 'generic', variable: 'no_proxy', value: 'no-proxy', documentation: curl },
  {
    tool: 'openssl', // Python's ssl and httpx, Go and .NET on Linux, Ruby, HTTP::Tiny, rustls-native-certs
    variable: 'SSL_CERT_FILE',
    value: 'bundle-file',
    documentation: 'https://docs.openssl.org/master/man3/SSL_CTX_load_verify_locations/',
  },
  { tool: 'curl', variable: 'CURL_CA_BUNDLE', value: 'bundle-file', documentation: curl },
];
