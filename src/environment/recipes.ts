/** How the value of a variable is made; `values.ts` has one maker per kind. */
export type ValueKind =
  /** The proxy's URL. */
  | 'proxy-url'
  /** The proxy's URL, only where the user has a value: it would lead past us, but set unasked it changes a tool's ways. */
  | 'proxy-url-if-set'
  /** Hosts that are reached directly. */
  | 'no-proxy'
  /** A file whose certificates join a tool's own roots: the audit CA, and what the user had there. */
  | 'ca-file'
  /** A file that replaces a tool's own roots: the audit CA, the system's roots and all that the user names. */
  | 'bundle-file'
  | 'node-options'
  | 'git-config'
  | 'jvm-options'
  | 'maven-options'
  | 'gradle-options'
  /** A configuration file of ours that starts with the user's own. */
  | 'file:wgetrc'
  | 'file:apt.conf';

export interface Recipe {
  /** Whose behaviour it is, as `adviceForRefusal` names it. */
  readonly tool: string;
  readonly variable: string;
  readonly value: ValueKind;
  /** Where the tool documents it. */
  readonly documentation: string;
}

const curl = 'https://curl.se/docs/manpage.html#ENVIRONMENT';
const npm = 'https://docs.npmjs.com/cli/using-npm/config';
const cargo = 'https://doc.rust-lang.org/cargo/reference/config.html#http';
const requests = 'https://requests.readthedocs.io/en/latest/user/advanced/#proxies';
const node = 'https://nodejs.org/api/cli.html#environment-variables';
const java =
  'https://docs.oracle.com/en/java/javase/17/core/java-networking.html#GUID-E6C82625-7C02-4AB3-B15D-0DF8A249CD73';

/**
 * Everything that makes a tool use our proxy and trust the audit CA. To support another tool, add its entries here; a
 * variable stands in it once.
 */
export const recipes: readonly Recipe[] = [
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
    tool: 'openssl', // Python's ssl and httpx, Go on Linux, Ruby, rustls-native-certs
    variable: 'SSL_CERT_FILE',
    value: 'bundle-file',
    documentation: 'https://docs.openssl.org/master/man3/SSL_CTX_load_verify_locations/',
  },
  { tool: 'curl', variable: 'CURL_CA_BUNDLE', value: 'bundle-file', documentation: curl },
  {
    tool: 'wget', // Debian's is built on GnuTLS, which reads no variable
    variable: 'WGETRC',
    value: 'file:wgetrc',
    documentation: 'https://www.gnu.org/software/wget/manual/wget.html#Wgetrc-Location',
  },
  {
    tool: 'git',
    variable: 'GIT_SSL_CAINFO',
    value: 'bundle-file',
    documentation: 'https://git-scm.com/docs/git-config#Documentation/git-config.txt-httpsslCAInfo',
  },
  {
    tool: 'git', // http.proxy of a configuration file wins over the variables
    variable: 'GIT_CONFIG_COUNT',
    value: 'git-config',
    documentation: 'https://git-scm.com/docs/git-config#Documentation/git-config.txt-GITCONFIGCOUNT',
  },
  // Variables win over the same keys in an .npmrc; a cafile there replaces Node's roots, so it must be ours.
  { tool: 'npm', variable: 'npm_config_cafile', value: 'bundle-file', documentation: npm },
  { tool: 'npm', variable: 'npm_config_proxy', value: 'proxy-url', documentation: npm },
  { tool: 'npm', variable: 'npm_config_https_proxy', value: 'proxy-url', documentation: npm },
  { tool: 'npm', variable: 'npm_config_noproxy', value: 'no-proxy', documentation: npm },
  { tool: 'node', variable: 'NODE_EXTRA_CA_CERTS', value: 'ca-file', documentation: node },
  // Not NODE_USE_ENV_PROXY: it makes Node 22.21 print a warning in every process, doubles the start-up time of Node 24,
  // and reaches no agent but the global one. The preload needs neither and serves all versions alike.
  { tool: 'node', variable: 'NODE_OPTIONS', value: 'node-options', documentation: node },
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
  { tool: 'cargo', variable: 'CARGO_HTTP_CAINFO', value: 'bundle-file', documentation: cargo },
  { tool: 'cargo', variable: 'CARGO_HTTP_PROXY', value: 'proxy-url', documentation: cargo },
  { tool: 'java', variable: 'JAVA_TOOL_OPTIONS', value: 'jvm-options', documentation: java },
  {
    tool: 'maven',
    variable: 'MAVEN_OPTS',
    value: 'maven-options',
    documentation: 'https://maven.apache.org/configure.html',
  },
  {
    tool: 'gradle',
    variable: 'GRADLE_OPTS',
    value: 'gradle-options',
    documentation: 'https://docs.gradle.org/current/userguide/build_environment.html',
  },
  {
    tool: 'apt',
    variable: 'APT_CONFIG',
    value: 'file:apt.conf',
    documentation: 'https://manpages.debian.org/stable/apt/apt.conf.5.en.html',
  },
];
