export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface ProxySettings {
  readonly proxy: Endpoint;
  /** The value of Proxy-Authorization, where the URL names a user. */
  readonly authorization: string | undefined;
  /** True when this destination is to be reached directly. */
  readonly isDirect: (destination: Endpoint) => boolean;
}

/**
 * What the variables say, read once as Node's own NODE_USE_ENV_PROXY does; undefined where no command is audited (by a run,
 * or by what `proxaudit env` printed), and where they name no proxy that speaks plain HTTP.
 */
export function readProxySettings(env: NodeJS.ProcessEnv): ProxySettings | undefined {
  const value = env['https_proxy'] || env['HTTPS_PROXY'];
  const isAudited = env['PROXAUDIT_ACTIVE_RUN'] || env['PROXAUDIT_ACTIVE_CA'];
  if (!isAudited || !value?.startsWith('http://')) return undefined;
  const url = new URL(value);
  const proxy = { host: withoutBrackets(url.hostname), port: Number(url.port || 80) };
  const isExcepted = parseNoProxy(env['no_proxy'] || env['NO_PROXY'] || '');
  return {
    proxy,
    authorization: url.username === '' ? undefined : basic(url),
    isDirect: (destination) => isSame(proxy, destination) || isExcepted(destination),
  };
}

function basic(url: URL): string {
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

/** Libraries that proxy by themselves reach us with the very agents that we patch. */
function isSame(proxy: Endpoint, destination: Endpoint): boolean {
  return proxy.port === destination.port && proxy.host === withoutBrackets(destination.host);
}

/** Node's own reading of NO_PROXY: exact names, `.suffix` and `*.suffix`, each with an optional port. */
function parseNoProxy(list: string): (destination: Endpoint) => boolean {
  const entries = list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map(parseEntry);
  return ({ host, port }) => {
    const name = withoutBrackets(host).toLowerCase();
    return entries.some(
      (entry) =>
        (entry.port === undefined || entry.port === port) &&
        (entry.isSuffix ? name.endsWith(entry.name) : name === entry.name),
    );
  };
}

function parseEntry(entry: string): { name: string; isSuffix: boolean; port: number | undefined } {
  // A bare IPv6 address has colons too, but never only one.
  const [, host = entry, port] = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry) ?? [];
  const name = withoutBrackets(host);
  const isSuffix = /^[.*]/.test(name);
  return {
    name: isSuffix ? name.replace(/^\*/, '') : name,
    isSuffix,
    port: port === undefined ? undefined : Number(port),
  };
}

function withoutBrackets(host: string): string {
  return host.startsWith('[') ? host.slice(1, -1) : host;
}
