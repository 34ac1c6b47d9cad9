import type { Excuse, ForeignSuite } from './suite.ts';

const proxyVariables = (...tests: RegExp[]): Excuse => ({
  reason: 'asserts about the proxy variables, or about the pools of a client without a proxy',
  tests,
});

const ownRoots = (...tests: RegExp[]): Excuse => ({
  reason: 'trusts one root alone by an option in its code, and our CA is another',
  tests,
});

const plainFailures = (...tests: RegExp[]): Excuse => ({
  reason:
    'expects an error of the connection itself, where a proxy for plain HTTP can only answer 502 or 400',
  tests,
});

const requests: ForeignSuite = {
  tool: {
    ...{ from: 'pypi', name: 'requests', version: '2.32.5' },
    beside: [
      'PySocks==1.7.1',
      'pytest==8.4.2',
      'pytest-httpbin==2.1.0',
      'httpbin==0.10.4',
      'trustme==1.2.1',
      'pytest-mock==3.17.0',
      'pytest-timeout==2.4.0',
    ],
  },
  tests: ['tests'],
  leastExchanges: 200,
  excused: [
    proxyVariables(
      /::test_use_proxy_from_environment\[/,
      /::test_proxy_env_vars_override_default\[/,
      /::test_different_connection_pool_for_m?tls_settings/,
    ),
    ownRoots(/::test_pyopenssl_redirect$/, /::test_auth_is_stripped_on_http_downgrade$/),
    plainFailures(
      /::test_errors\[http:\/\/(?:doesnotexist\.google\.com|localhost:1)-ConnectionError\]$/,
      /::test_redirecting_to_bad_url\[http:\/\/:1-InvalidURL\]$/,
      /::test_multiple_requests$/,
    ),
    {
      reason: 'gives credentials for proxies to an origin: what is meant for a proxy goes no further',
      tests: [/::test_proxy_authorization_preserved_on_request$/],
    },
  ],
};

/** Its own clients read no proxy variables, so that nothing is recorded; what is shown is that the environment of a run harms nothing. */
const urllib3: ForeignSuite = {
  tool: {
    ...{ from: 'pypi', name: 'urllib3', version: '2.5.0' },
    beside: [
      'cryptography==50.0.2',
      'h2==4.4.1',
      'httpx==0.28.1',
      'hypercorn==0.18.0',
      'pyopenssl==26.4.0',
      'pysocks==1.7.1',
      'pytest==8.4.2',
      'pytest-socket==0.8.1',
      'pytest-timeout==2.4.0',
      'quart==0.22.0',
      'quart-trio==0.12.0',
      'trio==0.35.0',
      'trustme==1.2.1',
    ],
  },
  // The others need minutes where an address that leads nowhere is refused, and reach nothing else.
  tests: [
    'test/with_dummyserver/test_connectionpool.py',
    'test/with_dummyserver/test_poolmanager.py',
    'test/with_dummyserver/test_https.py',
    'test/test_poolmanager.py',
    'test/test_proxymanager.py',
    'test/test_ssl.py',
  ],
  options: ['-o', 'filterwarnings='],
  leastExchanges: 0,
  excused: [],
};

const httpx: ForeignSuite = {
  tool: {
    ...{ from: 'pypi', name: 'httpx', version: '0.28.1' },
    beside: [
      'httpx[brotli,cli,http2,socks,zstd]==0.28.1',
      'chardet==5.2.0',
      'cryptography==50.0.2',
      'pytest==8.4.2',
      'pytest-timeout==2.4.0',
      'trio==0.35.0',
      'trustme==1.2.1',
      'uvicorn==0.54.0',
    ],
  },
  tests: ['tests'],
  leastExchanges: 20,
  excused: [
    proxyVariables(
      /::test_proxies_environ\[/,
      /::test_transport_for_request\[/,
      /::test_get_environment_proxies\[/,
      /::test_all_mounted_transport$/,
      // They read to which port the client has connected.
      /tests\/test_main\.py::test_(?:auth|verbose)$/,
    ),
    plainFailures(/::test_httpcore_exception_mapping$/),
  ],
};

export const foreignSuites: readonly ForeignSuite[] = [requests, urllib3, httpx];
