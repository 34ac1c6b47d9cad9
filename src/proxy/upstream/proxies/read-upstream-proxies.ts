import type { Destination, ProxyUse, UpstreamProxies, UpstreamProxy } from '../../types.ts';
import { createNoProxy } from './no-proxy.ts';
import { parseProxyUrl } from './parse-proxy-url.ts';

export interface ProxySettings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The value of `--upstream-proxy`; `none` and `direct` leave the environment's proxies out. */
  readonly option: string | undefined;
}

type Chosen = Readonly<Record<ProxyUse, UpstreamProxy | undefined>>;

/**
 * The upstream proxies that the option or the user's variables name; undefined where all is dialled directly. NO_PROXY
 * counts for both. Loopback is this machine's own and no proxy's, unless the proxy is another proxaudit around us.
 * @throws AuditError `bad-usage` for a value that cannot be used
 */
export function readUpstreamProxies({ env, option }: ProxySettings): UpstreamProxies | undefined {
  if (option !== undefined && /^(?:none|direct)$/i.test(option.trim())) return undefined;
  const chosen =
    option === undefined ? fromVariables(env) : forAll(parseProxyUrl(option, '--upstream-proxy'));
  const known = Object.values(chosen).filter((proxy) => proxy !== undefined);
  if (known.length === 0) return undefined;
  const isExcepted = createNoProxy(env['no_proxy'] || env['NO_PROXY'] || '');
  const isNested = (env['PROXAUDIT_ACTIVE_RUN'] ?? '') !== '';
  return {
    choose: (destination, use) => {
      const proxy = chosen[use];
      if (proxy === undefined || isExcepted(destination)) return undefined;
      return !isNested && isLoopback(destination) ? undefined : proxy;
    },
    of: (use) => chosen[use],
    isInUse: (use, url) => isSame(chosen[use], url),
    secrets: known.flatMap(({ username, password }) => password ?? username ?? []),
  };
}

function forAll(proxy: UpstreamProxy): Chosen {
  return { http: proxy, https: proxy, all: proxy };
}

function fromVariables(env: ProxySettings['env']): Chosen {
  const named = (...variables: string[]): UpstreamProxy | undefined => {
    const variable = variables.find((name) => (env[name] ?? '').trim() !== '');
    return variable === undefined ? undefined : parseProxyUrl(env[variable] ?? '', variable);
  };
  // In a CGI program HTTP_PROXY is what the request's Proxy header says.
  const isCgi = env['REQUEST_METHOD'] !== undefined;
  const all = named('all_proxy', 'ALL_PROXY');
  const https = named('https_proxy', 'HTTPS_PROXY') ?? all;
  return { http: named('http_proxy', ...(isCgi ? [] : ['HTTP_PROXY'])) ?? all, https, all: all ?? https };
}

function isLoopback({ host }: Destination): boolean {
  return (
    host === 'localhost' || host.endsWith('.localhost') || /^127(?:\.\d+){3}$|^::1$|^::ffff:127\./.test(host)
  );
}

/** The same place by the same protocol; `socks5` and `socks5h` differ only in who resolves names. */
function isSame(proxy: UpstreamProxy | undefined, url: string): boolean {
  if (url.trim() === '') return proxy === undefined;
  try {
    const other = parseProxyUrl(url, 'a setting');
    return withoutResolver(proxy?.shown) === withoutResolver(other.shown);
  } catch {
    return false;
  }
}

function withoutResolver(shown: string | undefined): string | undefined {
  return shown?.replace(/^(socks[45])[ah]:/, '$1:');
}
